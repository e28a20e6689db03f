import { describe, expect, it } from 'vitest';
import { column } from '../../../src/base/columns.ts';
import { fault } from '../../../src/base/fault.ts';
import { FLASH_GAS } from '../../../src/chain/block-chain.ts';
import { chainParams, TRANSACTION_GAS } from '../../../src/chain/chain-params.ts';
import { OUTSIDE } from '../../../src/ledger/ledger.ts';
/** An action here: its gas and what it does. */
import { type Act, act, aWorld, BLOCK, ETH, idle, refuse, USDC, WALLET } from '../../support/chain-world.ts';
import { ledgerState } from '../../support/ledger-state.ts';

describe('chain: an action that refuses before it moves anything', () => {
  it('is made without an undo log when it is alone, and with one in company', () => {
    const { ledger, chain, send, refusals } = aWorld();
    const open: boolean[] = [];
    const look: Act = { ...act(() => open.push(ledger.journal.open)), refusesFirst: true };
    send({ actions: [look] });
    send({ actions: [look, look] });
    send({ actions: [look], require: { asset: USDC, gainMin: 0 } });
    send({ actions: [look], flash: [{ asset: USDC, amount: 1 }] });
    send({ actions: [act(() => open.push(ledger.journal.open))] });
    send({ actions: [{ ...refuse, refusesFirst: true }] });
    chain.produce(BLOCK);
    expect(open).toEqual([false, true, true, true, true, true]);
    expect(refusals.map((refusal) => refusal?.rejected)).toEqual([undefined, undefined, undefined, undefined, undefined, 'NO']);
  });
});

describe('chain: blocks', () => {
  it('holds what has arrived by its time, the better tip first', () => {
    const { chain, send, heard } = aWorld();
    send({ tip: 1 }, 12_000);
    send({ tip: 3 }, 12_001);
    send({ tip: 2 }, 3000);
    expect(chain.produce(BLOCK)).toBe(2);
    expect(heard).toEqual(['begin 3', 'end 3 kept 63000', 'begin 1', 'end 1 kept 42000']);
    expect([chain.block, chain.waiting]).toEqual([1, 1]);
  });

  it('by arrival lets nobody buy a place', () => {
    const { chain, send, heard } = aWorld({ order: 'arrival' });
    send({ tip: 1 }, 2);
    send({ tip: 9 }, 3);
    send({ tip: 0 }, 1);
    chain.produce(BLOCK);
    expect(heard.filter((line) => line.startsWith('begin'))).toEqual(['begin 3', 'begin 1', 'begin 2']);
  });

  it('by auction puts first who pays the most in all, and leaves out unpaid what fails', () => {
    const { chain, send, heard, ledger, albert } = aWorld({ order: 'auction' });
    send({ tip: 2 });
    send({ tip: 1, actions: [idle(100_000)] });
    send({ tip: 9, actions: [refuse] });
    expect(chain.produce(BLOCK)).toBe(2);
    // Bundle 2 has 121,000 gas at a tip of 1, bundle 1 21,000 at 2; base fee 1.
    expect(heard).toEqual(['begin 3', 'end 3 NO 0', 'begin 2', 'end 2 kept 242000', 'begin 1', 'end 1 kept 63000']);
    expect(ledger.balance(albert, ETH)).toBe(WALLET - 242_000 - 63_000);
  });

  it('gives block n the time n · blockTime, forwards only', () => {
    const { chain } = aWorld();
    expect([chain.blockTime, chain.block]).toEqual([BLOCK, 0]);
    expect(() => chain.produce(BLOCK + 1)).toThrow('CHAIN_BLOCK_TIME');
    expect(() => chain.produce(0)).toThrow('CHAIN_BLOCK_TIME');
    chain.produce(3 * BLOCK);
    expect(chain.block).toBe(3);
    expect(() => chain.produce(3 * BLOCK)).toThrow(/CHAIN_BLOCK_TIME: at=36000 blockTime=12000 lastBlock=3/);
  });

  it('leaves for the next block what an action sends', () => {
    const { chain, send } = aWorld();
    send({ actions: [act(() => send({}))] });
    expect([chain.produce(BLOCK), chain.waiting, chain.produce(2 * BLOCK)]).toEqual([1, 1, 1]);
  });

  it('drops unpaid what is no longer wanted, and keeps what is wanted until now', () => {
    const { chain, send, heard, ledger, albert } = aWorld();
    send({ until: BLOCK });
    send({ until: BLOCK - 1 });
    expect(chain.produce(BLOCK)).toBe(1);
    expect(heard).toEqual(['begin 1', 'end 1 kept 21000', 'end 2 EXPIRED 0']);
    expect(ledger.balance(albert, ETH)).toBe(WALLET - 21_000);
    expect(chain.waiting).toBe(0);
  });

  it('fills up to the gas limit; what does not fit waits while smaller ones go in, and goes first in the next', () => {
    // Others use the target of 100,000; agents have the other 100,000.
    const { chain, send, heard } = aWorld({ gasLimit: 200_000, gasAsset: undefined });
    send({ tip: 3, actions: [idle(40_000)] });
    send({ tip: 2, actions: [idle(40_000)] });
    send({ tip: 1, actions: [idle(18_000)] });
    expect(chain.produce(BLOCK)).toBe(2);
    expect(heard.filter((line) => line.startsWith('begin'))).toEqual(['begin 1', 'begin 3']);
    send({ tip: 1 });
    chain.produce(2 * BLOCK);
    expect(heard.filter((line) => line.startsWith('begin'))).toEqual(['begin 1', 'begin 3', 'begin 2', 'begin 4']);
  });

  it('refuses what no block could hold', () => {
    const { chain, send, heard } = aWorld({ gasLimit: 200_000 });
    send({ actions: [idle(79_000)] });
    send({ actions: [idle(79_001)] });
    expect(chain.produce(BLOCK)).toBe(1);
    expect(chain.waiting).toBe(0);
    expect(heard).toEqual(['begin 1', 'end 1 kept 100000', 'end 2 GAS_OVER_LIMIT 0']);
  });

  it('counts the gas of the transaction, its actions and its flash loans', () => {
    const { chain } = aWorld();
    expect(chain.gasOf({ actions: [] })).toBe(TRANSACTION_GAS);
    expect(chain.gasOf({ actions: [idle(7), idle(8)], flash: [{ asset: USDC, amount: 1 }] })).toBe(TRANSACTION_GAS + 15 + FLASH_GAS);
  });

  it('does not start with a block time or a background that makes no sense', () => {
    expect(() => aWorld({ blockTime: 0.5 })).toThrow('CHAIN_OPTIONS');
    expect(() => aWorld({ background: 2 })).toThrow('CHAIN_OPTIONS');
    expect(() => aWorld({ background: -1 })).toThrow('CHAIN_OPTIONS');
  });

  it('declares defaults inside their ranges', () => {
    for (const param of Object.values(chainParams)) {
      if (!('range' in param && 'default' in param)) continue;
      expect(param.default).toBeGreaterThanOrEqual(param.range[0]);
      expect(param.default).toBeLessThanOrEqual(param.range[1]);
    }
  });
});

describe('chain: gas', () => {
  it('burns the base fee, gives the tip to the proposer, and rounds up once', () => {
    const { chain, send, ledger, albert, proposer, heard } = aWorld({ baseFee: 1.00001 });
    const burnt = ledger.balance(OUTSIDE, ETH);
    send({ tip: 0.5 });
    chain.produce(BLOCK);
    // 21,000 · 1.50001 = 31,500.21
    expect(heard.at(-1)).toBe('end 1 kept 31501');
    expect(ledger.balance(albert, ETH)).toBe(WALLET - 31_501);
    expect(ledger.balance(proposer, ETH)).toBe(10_500);
    expect(ledger.balance(OUTSIDE, ETH) - burnt).toBe(21_001);
    expect([ledger.names[proposer], ledger.roles[proposer]]).toEqual(['proposer', 'proposer']);
  });

  it('is paid by a bundle that fails, too', () => {
    const { chain, send, ledger, albert, heard } = aWorld();
    send({ actions: [idle(1000), refuse] });
    expect(chain.produce(BLOCK)).toBe(1);
    expect(heard).toEqual(['begin 1', 'end 1 NO 22000']);
    expect(ledger.balance(albert, ETH)).toBe(WALLET - 22_000);
  });

  it('cannot be spent by the bundle’s own actions', () => {
    const { chain, send, ledger, albert, mallory, heard } = aWorld();
    const all = act(() => ledger.transfer(albert, mallory, ETH, ledger.balance(albert, ETH)));
    send({ actions: [all] });
    chain.produce(BLOCK);
    expect(heard.at(-1)).toBe('end 1 kept 21000');
    expect([ledger.balance(albert, ETH), ledger.balance(mallory, ETH)]).toEqual([0, 2 * WALLET - 21_000]);
  });

  it('must be in the wallet before the bundle starts, to the unit', () => {
    const { chain, send, ledger, albert, refusals, heard } = aWorld({ baseFee: 40, baseFeeMin: 40 });
    // 25,000 gas · 40 = the whole wallet.
    send({ actions: [idle(4001)] });
    chain.produce(BLOCK);
    expect(refusals).toEqual([{ rejected: 'GAS_UNAFFORDABLE', detail: { feeUnits: WALLET + 40, heldUnits: WALLET } }]);
    expect(heard).toEqual(['end 1 GAS_UNAFFORDABLE 0']);
    expect(ledger.balance(albert, ETH)).toBe(WALLET);
    send({ actions: [idle(4000)] });
    expect(chain.produce(2 * BLOCK)).toBe(1);
    expect(ledger.balance(albert, ETH)).toBe(0);
  });

  it('is free on a chain without a gas asset', () => {
    const { chain, send, ledger, albert, heard } = aWorld({ gasAsset: undefined, baseFee: 5 });
    send({ tip: 3 });
    chain.produce(BLOCK);
    expect(heard).toEqual(['begin 1', 'end 1 kept 0']);
    expect([ledger.balance(albert, ETH), chain.baseFee]).toEqual([WALLET, 0]);
  });

  it('keeps its base fee while only the background is there, block made or not', () => {
    const { chain } = aWorld();
    chain.produce(BLOCK);
    chain.produce(50 * BLOCK);
    expect(chain.baseFee).toBe(1);
  });

  it('costs an eighth more after a full block and an eighth less after an empty one', () => {
    const { chain, send } = aWorld({ gasLimit: 42_000, background: 0, baseFee: 8 });
    send({});
    send({});
    chain.produce(BLOCK);
    expect(chain.baseFee).toBe(9);
    chain.produce(2 * BLOCK);
    expect(chain.baseFee).toBe(7.875);
  });

  it('falls in blocks that nobody asked for as in empty ones, down to the minimum', () => {
    const { chain } = aWorld({ background: 0, baseFee: 64, baseFeeMin: 10 });
    chain.produce(2 * BLOCK);
    expect(chain.baseFee).toBe(49);
    chain.produce(1000 * BLOCK);
    expect(chain.baseFee).toBe(10);
  });

  it('starts no lower than the minimum', () => {
    expect(aWorld({ baseFee: 1, baseFeeMin: 2 }).chain.baseFee).toBe(2);
  });
});

describe('chain: bundles', () => {
  it('takes everything back when the last action fails, but the gas', () => {
    const { chain, send, ledger, albert, mallory } = aWorld({ gasAsset: undefined });
    const positions = column(4);
    const before = ledgerState(ledger);
    const steal = act(() => ledger.transfer(albert, mallory, ETH, 5));
    const open = act(() => ledger.journal.set(positions, 1, 9));
    send({ actions: [steal, open, refuse, steal], flash: [{ asset: USDC, amount: 10 }] });
    expect(chain.produce(BLOCK)).toBe(1);
    expect(ledgerState(ledger)).toEqual(before);
    expect(positions.data[1]).toBe(0);
  });

  it('stops at the first action that is refused', () => {
    const { chain, send } = aWorld();
    let ran = 0;
    const count = act(() => {
      ran++;
    });
    send({ actions: [count, refuse, count] });
    chain.produce(BLOCK);
    expect(ran).toBe(1);
  });

  it('has the flash loan in the wallet before it begins and the fee in the lender’s after it', () => {
    const { chain, send, ledger, albert, lender, heard } = aWorld({ flash: { fee: 0.001, funds: [{ asset: USDC, units: 1000 }] } });
    ledger.transfer(OUTSIDE, albert, USDC, 1);
    const seen: number[] = [];
    const look = act(() => {
      seen.push(ledger.balance(albert, USDC));
    });
    send({ flash: [{ asset: USDC, amount: 'max' }], actions: [look] });
    chain.produce(BLOCK);
    expect(seen).toEqual([1001]);
    expect(heard.at(-1)).toBe(`end 1 kept ${TRANSACTION_GAS + FLASH_GAS}`);
    expect([ledger.balance(albert, USDC), ledger.balance(lender, USDC)]).toEqual([0, 1001]);
  });

  it('fails whole when the flash loan cannot be paid back', () => {
    const { chain, send, ledger, albert, mallory, lender, refusals } = aWorld();
    const keep = act(() => ledger.transfer(albert, mallory, USDC, 1));
    send({ flash: [{ asset: USDC, amount: 1000 }], actions: [keep] });
    chain.produce(BLOCK);
    expect(refusals).toEqual([{ rejected: 'FLASH_UNPAID', detail: { asset: 'USDC', owedUnits: 1000, heldUnits: 999 } }]);
    expect([ledger.balance(mallory, USDC), ledger.balance(lender, USDC)]).toEqual([0, 1000]);
  });

  it('never begins when the lender lacks a loan, though it pays its gas', () => {
    const { chain, send, ledger, albert, lender, heard } = aWorld();
    const flash = [
      { asset: USDC, amount: 400 },
      { asset: USDC, amount: 601 },
    ];
    send({ flash });
    chain.produce(BLOCK);
    expect(heard).toEqual([`end 1 FLASH_SHORT ${TRANSACTION_GAS + 2 * FLASH_GAS}`]);
    expect([ledger.balance(albert, USDC), ledger.balance(lender, USDC)]).toEqual([0, 1000]);
  });

  it('fails whole when the wallet gained too little, counted with the loan repaid and before gas', () => {
    const { chain, send, ledger, albert, mallory, refusals, heard } = aWorld();
    const earn = (units: number) => act(() => ledger.transfer(mallory, albert, ETH, units));
    send({ actions: [earn(100)], require: { asset: ETH, gainMin: 101 } });
    send({ actions: [earn(101)], require: { asset: ETH, gainMin: 101 } });
    ledger.transfer(OUTSIDE, mallory, USDC, 3);
    const earnUsdc = act(() => ledger.transfer(mallory, albert, USDC, 3));
    send({ flash: [{ asset: USDC, amount: 500 }], require: { asset: USDC, gainMin: 1 } });
    send({ flash: [{ asset: USDC, amount: 500 }], actions: [earnUsdc], require: { asset: USDC, gainMin: 3 } });
    chain.produce(BLOCK);
    expect(heard.filter((line) => line.startsWith('end'))).toEqual([
      'end 1 REQUIRE_UNMET 21000',
      'end 2 kept 21000',
      `end 3 REQUIRE_UNMET ${TRANSACTION_GAS + FLASH_GAS}`,
      `end 4 kept ${TRANSACTION_GAS + FLASH_GAS}`,
    ]);
    expect(refusals[0]?.detail).toEqual({ asset: 'ETH', gainUnits: 100, gainMinUnits: 101 });
    expect(ledger.balance(mallory, ETH)).toBe(WALLET - 101);
  });

  it('undoes a bundle that broke the machine, hands the fault on, and leaves the rest waiting', () => {
    const { chain, send, ledger, albert, mallory, heard } = aWorld();
    const give = act(() => ledger.transfer(albert, mallory, ETH, 5));
    const breakIt = act(() => fault('PROTOCOL_BROKEN'));
    send({ tip: 2, actions: [give, breakIt] });
    send({ tip: 1 });
    expect(() => chain.produce(BLOCK)).toThrow('PROTOCOL_BROKEN');
    expect(ledger.journal.open).toBe(false);
    expect([ledger.balance(albert, ETH), ledger.balance(mallory, ETH)]).toEqual([WALLET - 63_000, WALLET]);
    expect(heard).toEqual(['begin 1']);
    expect([chain.waiting, chain.produce(2 * BLOCK)]).toEqual([1, 1]);
  });
});
