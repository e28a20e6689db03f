/**
 * The matching core on a mixed stream: limit orders around a mid that wanders, cancels of orders that rest, and market orders, at about
 * 10,000 resting orders; beside nodejs-order-book, which is given the same stream. Both answer the lots filled, and they must agree.
 */
import { OrderBook, OrderType, Side as PeerSide } from 'nodejs-order-book';
import { randomFrom } from '../../src/base/random.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { BUY, Matching, type OrderId, SELL, type Side } from '../../src/market/matching.ts';
import { atLeast, type BenchRow, fasterRow, interleave, speedRow } from './harness.ts';

const OPERATIONS = 1_000_000;
/** The peer takes microseconds for each. */
const PEER_OPERATIONS = 100_000;
const RESTING = 10_000;
const MID = 10_000;
/** Ticks on each side in which orders are placed. */
const WIDTH = 500;

/** Kinds of operations. */
const PLACE = 0;
const CANCEL = 1;
const MARKET = 2;

interface Stream {
  readonly kinds: Uint8Array;
  readonly sides: Int8Array;
  readonly ticks: Int32Array;
  readonly lots: Int32Array;
  /** Of a cancel: the number of the order, in the order of placing. */
  readonly targets: Int32Array;
}

/**
 * A tenth market orders of the size of two orders; the rest orders while fewer rest than should, and cancels of one that rests otherwise.
 * So about as much goes as comes.
 */
function streamOf(length: number): Stream {
  const random = randomFrom(1, 'order-book');
  const [kinds, sides] = [new Uint8Array(length), new Int8Array(length)];
  const [ticks, lots, targets] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  const book = new Matching(new Journal());
  const ids: OrderId[] = [];
  let resting = 0;
  for (let i = 0; i < length; i++) {
    const side = random.uniform() < 0.5 ? BUY : SELL;
    const market = i >= RESTING && random.uniform() < 0.1;
    kinds[i] = market ? MARKET : resting < RESTING ? PLACE : CANCEL;
    sides[i] = side;
    ticks[i] = MID - side * (1 + random.integer(WIDTH));
    lots[i] = 1 + random.integer(market ? 40 : 20);
    if (market) {
      book.take(-1, side, side === BUY ? 2 * MID : 0, lots[i], () => undefined);
      // Who was met in part still rests: about two are gone, and the count is set right now and then.
      resting = i % 1000 < 10 ? countOf(book) : resting - 2;
    } else if (kinds[i] === PLACE) {
      ids.push(book.place(0, side, ticks[i], lots[i]));
      resting += 1;
    } else {
      do targets[i] = random.integer(ids.length);
      while (book.ownerOf(ids[targets[i]]) < 0);
      book.cancel(ids[targets[i]]);
      resting -= 1;
    }
  }
  return { kinds, sides, ticks, lots, targets };
}

function countOf(book: Matching): number {
  let count = 0;
  for (let id = book.nextOf(0, 0); id !== 0; id = book.nextOf(0, id)) count++;
  return count;
}

/** Lots filled and orders that rest at the end. */
interface End {
  readonly filled: number;
  readonly resting: number;
}

/** Everybody is somebody else, so that nobody meets himself. */
function ours({ kinds, sides, ticks, lots, targets }: Stream, length: number): End {
  const book = new Matching(new Journal());
  const placed = new Float64Array(length);
  let orders = 0;
  let filled = 0;
  const onFill = () => undefined;
  for (let i = 0; i < length; i++) {
    const side = sides[i] as Side;
    if (kinds[i] === PLACE) placed[orders++] = book.place(0, side, ticks[i], lots[i]);
    else if (kinds[i] === CANCEL) book.cancel(placed[targets[i]] as OrderId);
    else filled += book.take(-1, side, side === BUY ? 2 * MID : 0, lots[i], onFill);
  }
  return { filled, resting: countOf(book) };
}

function peer({ kinds, sides, ticks, lots, targets }: Stream, length: number): End {
  const book = new OrderBook();
  let orders = 0;
  let filled = 0;
  for (let i = 0; i < length; i++) {
    const side = sides[i] === BUY ? PeerSide.BUY : PeerSide.SELL;
    if (kinds[i] === PLACE) book.createOrder({ type: OrderType.LIMIT, side, size: lots[i], price: ticks[i], id: String(orders++) });
    else if (kinds[i] === CANCEL) book.cancel(String(targets[i]));
    else filled += lots[i] - book.createOrder({ type: OrderType.MARKET, side, size: lots[i] }).quantityLeft;
  }
  let resting = 0;
  for (let i = 0; i < orders; i++) if (book.order(String(i)) !== undefined) resting++;
  return { filled, resting };
}

export function orderBookBench(): BenchRow[] {
  const stream = streamOf(OPERATIONS);
  const [own, other] = [ours(stream, PEER_OPERATIONS), peer(stream, PEER_OPERATIONS)];
  if (own.filled !== other.filled || own.resting !== other.resting) {
    throw new Error(`not the same book: ${JSON.stringify(own)} here, ${JSON.stringify(other)} there`);
  }
  const end = ours(stream, OPERATIONS);
  const times = interleave({
    ours: () => {
      ours(stream, OPERATIONS);
      return OPERATIONS;
    },
    peer: () => {
      peer(stream, PEER_OPERATIONS);
      return PEER_OPERATIONS;
    },
  });
  const share = (kind: number) => Math.round((100 * stream.kinds.filter((other) => other === kind).length) / OPERATIONS);
  const makeUp = `${share(PLACE)} % orders, ${share(CANCEL)} % cancels, ${share(MARKET)} % market orders; ${end.resting} rest at the end`;
  return [
    atLeast(speedRow('order book, operations', times.ours, makeUp), 5),
    speedRow('nodejs-order-book, operations', times.peer, 'same fills and resting orders'),
    atLeast(fasterRow('order book ÷ nodejs-order-book', 'speed', times.ours, times.peer), 10),
  ];
}
