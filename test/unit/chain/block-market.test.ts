/** Ways to send a bundle, and others who bid for room. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import type { ChainOptions } from '../../../src/chain/block-chain.ts';
import { OUTSIDE } from '../../../src/ledger/ledger.ts';
/** An action here: its gas and what it does. */
import { act, aWorld, BLOCK, ETH, idle, refuse, WALLET } from '../../support/chain-world.ts';

describe('chain: a label', () => {
  it('lets a bundle take the place of one of its sender that waits, for a tenth more', () => {
    const { chain, send, heard, mallory } = aWorld();
    send({ tip: 1, manner: { label: 'a' } });
    send({ tip: 1.1, manner: { label: 'a' } });
    send({ tip: 1.2, manner: { label: 'a' } });
    send({ tip: 0, manner: { label: 'b' } });
    send({ tip: 0, manner: { label: 'a' }, actor: mallory });
    // The base fee is 1: 2 a gas, so 2.2 is asked for.
    expect(heard).toEqual(['end 2 REPLACE_UNDERPRICED 0', 'end 1 REPLACED 0']);
    expect(chain.waiting).toBe(3);
    chain.produce(BLOCK);
    expect(heard.slice(2)).toEqual(['begin 3', 'end 3 kept 46200', 'begin 4', 'end 4 kept 21000', 'begin 5', 'end 5 kept 21000']);
  });

  it('is free again once the bundle is in a block', () => {
    const { chain, send, heard } = aWorld();
    send({ tip: 5, manner: { label: 'a' } });
    chain.produce(BLOCK);
    send({ manner: { label: 'a' } }, BLOCK);
    chain.produce(2 * BLOCK);
    expect(heard.at(-1)).toMatch(/^end 2 kept/);
  });
});

describe('chain: a place', () => {
  const always = { proposers: [{ accounts: new Set([1]), share: 1 }], random: randomFrom(1) };
  // Albert is the first account opened after the outside.
  const order = (world: ReturnType<typeof aWorld>) => world.heard.filter((line) => line.startsWith('begin')).map((line) => line.slice(6));

  it('is before all others or after them, whatever they tip, in a block of one’s own', () => {
    const world = aWorld(always);
    expect(world.albert).toBe(1);
    world.send({ tip: 9, actor: world.mallory });
    world.send({ manner: { place: 'last' } });
    world.send({ manner: { place: 'first' } });
    world.send({ tip: 3 });
    world.chain.produce(BLOCK);
    expect(order(world)).toEqual(['3', '1', '4', '2']);
    expect(world.chain.proposes(world.albert, 2)).toBe(true);
    expect(world.chain.proposes(world.mallory, 2)).toBe(false);
  });

  it('is not given in a block of somebody else: it waits, and is gone when its time is', () => {
    const world = aWorld({ ...always, proposers: [{ accounts: new Set([1]), share: 0 }] });
    world.send({ manner: { place: 'first' }, until: 2 * BLOCK });
    for (const block of [1, 2, 3]) world.chain.produce(block * BLOCK);
    expect(world.heard).toEqual(['end 1 EXPIRED 0']);
    expect(world.chain.waiting).toBe(0);
  });

  it('is not given to who does not make the block', () => {
    const world = aWorld(always);
    world.send({ actor: world.mallory, manner: { place: 'first' } });
    world.chain.produce(BLOCK);
    expect(world.heard).toEqual([]);
    expect(world.chain.waiting).toBe(1);
  });

  it('is known as many blocks ahead as the chain looks', () => {
    const { chain, albert } = aWorld({ ...always, lookAhead: 3 });
    expect([1, 3, 4].map((block) => chain.proposes(albert, block))).toEqual([true, true, false]);
    chain.produce(BLOCK);
    expect(chain.proposes(albert, 4)).toBe(true);
  });
});

describe('chain: a private bundle', () => {
  it('was never there if it fails, and pays like any other if it holds', () => {
    const { chain, send, heard, ledger, albert } = aWorld();
    send({ actions: [act(() => ledger.transfer(albert, OUTSIDE, ETH, 5)), refuse], manner: { private: true } });
    send({ actions: [act(() => ledger.transfer(albert, OUTSIDE, ETH, 5))], manner: { private: true } });
    send({ actions: [refuse] });
    expect(chain.produce(BLOCK)).toBe(2);
    expect(heard.filter((line) => line.startsWith('end'))).toEqual(['end 1 NO 0', 'end 2 kept 21000', 'end 3 NO 21000']);
    expect(ledger.balance(albert, ETH)).toBe(WALLET - 2 * 21_000 - 5);
  });

  it('waits for a block of a builder', () => {
    const { chain, send } = aWorld({ builders: 0, random: randomFrom(1) });
    send({ manner: { private: true } });
    send({});
    expect([chain.produce(BLOCK), chain.waiting]).toEqual([1, 1]);
    const half = aWorld({ builders: 0.5, random: randomFrom(1) });
    let waited = 0;
    for (let block = 1; block <= 400; block++) {
      half.send({ manner: { private: true } }, block * BLOCK);
      half.chain.produce(block * BLOCK);
      if (half.chain.waiting > 0) waited++;
    }
    // Four standard errors of a half in 400 blocks are a tenth.
    expect(Math.abs(waited / 400 - 0.5)).toBeLessThan(0.1);
  });

  it('leaves the journal closed when an action breaks', () => {
    const { chain, send, ledger } = aWorld();
    send({
      manner: { private: true },
      actions: [
        act(() => {
          throw new Error('broken');
        }),
      ],
    });
    expect(() => chain.produce(BLOCK)).toThrow('broken');
    expect(ledger.journal.open).toBe(false);
  });
});

describe('chain: demand of others', () => {
  /** Twice the gas limit is asked for, by people who would pay 20 on the median. */
  const crowd = (over: Partial<ChainOptions> = {}) =>
    aWorld({ demand: { gas: 60_000_000, spread: 1, median: () => 20 }, random: randomFrom(3), baseFee: 1, ...over });

  it.each(['fee', 'auction'] as const)('leaves out who tips less than it, and takes in who tips more, by %s', (order) => {
    const { chain, send, heard } = crowd({ order });
    // Half of them, a whole block, would pay 20 a gas.
    send({ tip: 18 });
    send({ tip: 20 });
    chain.produce(BLOCK);
    expect(heard.filter((line) => line.startsWith('end'))).toEqual([`end 2 kept ${21 * 21_000}`]);
    expect([chain.waiting, chain.leftOut]).toEqual([1, 1]);
  });

  it('gives way as the base fee rises to what they would pay', () => {
    const { chain, send } = crowd();
    let block = 0;
    for (; block < 60; block++) chain.produce((block + 1) * BLOCK);
    // A quarter of them is the target: the upper quartile of what they would pay.
    expect(chain.baseFee / (20 * Math.exp(0.6744897501960817))).toBeCloseTo(1, 2);
    send({ tip: 0 }, block * BLOCK);
    chain.produce((block + 1) * BLOCK);
    expect(chain.waiting).toBe(0);
  });

  it('moves with the price that they would pay', () => {
    const { chain } = crowd({ demand: { gas: 60_000_000, spread: 1, median: (at) => (at < 100 * BLOCK ? 20 : 200) } });
    for (let block = 1; block < 200; block++) chain.produce(block * BLOCK);
    expect(chain.baseFee / (200 * Math.exp(0.6744897501960817))).toBeCloseTo(1, 2);
  });

  it('is as likely to be before one as behind where tips do not count', () => {
    const { chain, send } = crowd({ order: 'arrival', baseFee: 1e-9, baseFeeMin: 1e-9 });
    let taken = 0;
    // 60 of gas for 30 of room, while hardly anybody minds the price.
    for (let i = 1; i <= 80; i++) {
      for (let k = 0; k < 20; k++) send({ until: i * BLOCK }, i * BLOCK);
      taken += chain.produce(i * BLOCK);
    }
    expect(Math.abs(taken / 1600 - 0.5)).toBeLessThan(0.05);
  });

  it('counts in the room for a large bundle', () => {
    const { chain, send } = crowd();
    send({ tip: 20, actions: [idle(2_000_000)] });
    chain.produce(BLOCK);
    expect(chain.waiting).toBe(1);
    send({ tip: 60, actions: [idle(2_000_000)] }, BLOCK);
    chain.produce(2 * BLOCK);
    expect(chain.waiting).toBe(1);
  });
});

describe('chain: order by lot', () => {
  it('is not that of arrival or tips, and as good for one as for another', () => {
    let first = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { chain, send, heard } = aWorld({ order: 'random', random: randomFrom(seed) });
      send({ tip: 0 });
      send({ tip: 9 });
      chain.produce(BLOCK);
      if (heard[0] === 'begin 1') first++;
    }
    expect(Math.abs(first / 400 - 0.5)).toBeLessThan(0.1);
  });
});
