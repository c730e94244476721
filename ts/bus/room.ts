/**
 * Who may go on of those who wait for room (`neuron.ready`). Imports: `native`, `neuron`.
 *
 * Room is given out in the order of asking, and what was given out to someone is nobody else's until that one has fired, or for the
 * rest of this turn of the event loop: so whoever is woken finds what it asked for, unless someone took it who did not wait. A
 * request for bytes that do not fit keeps later requests for bytes behind it, so that small ones cannot starve it. But the bytes it
 * waits for may depend on one behind it: when no room has come back for {@link STALL_MS}, those that fit go first, once; each time
 * the same request is passed it is given twice the time, up to {@link LONGEST_STALL_MS}. Requests for credit alone wait behind
 * nobody but earlier ones of their own neuron.
 */
import { SPIKE } from '../native/index.js';
import type { Seat } from '../neuron/index.js';

/** How long no room may come back before a request is passed by smaller ones behind it, ms: at first, and at most. */
const [STALL_MS, LONGEST_STALL_MS] = [10, 1_000];

/** Bytes beyond its own that a payload may take from a run of free ones, as a fraction of the arena's capacity, and at least. */
const [ROUNDING_FRACTION, LEAST_ROUNDING] = [256, 128];

/** What the giving of room needs of its bus. */
export interface RoomHost {
  readonly axonSlots: number;
  /** How many spikes of a neuron are not done. */
  owed(seat: Seat): number;
  /** Whether a payload of so many bytes finds room now. */
  fits(bytes: number): boolean;
  /** Bytes of the arena. */
  readonly capacity: number;
  /** How many of them are in use. */
  used(): number;
  /** Takes back what was released, then asks everyone who waits ({@link Room.grant}), in order. */
  recheck(): void;
  /** The same, soon: of a started bus after the next look at its inbox. */
  recheckSoon(): void;
}

/** A wish for credit and for so many bytes. */
export class Request {
  readonly seat: Seat;
  readonly bytes: number;
  /** How long no room may come back before it is passed, ms. */
  patience: number = STALL_MS;

  constructor(seat: Seat, bytes: number) {
    this.seat = seat;
    this.bytes = bytes;
  }
}

/** What one neuron was given and has not used yet. */
interface Gift {
  /** Spikes it had fired before the first of these. */
  base: number;
  /** For each spike the bytes. */
  readonly bytes: number[];
}

/** Gives out the room of one bus. */
export class Room {
  readonly #host: RoomHost;
  readonly #gifts: Map<Seat, Gift> = new Map();
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The first request of this round whose bytes do not fit. */
  #front: Request | undefined;
  /** The request that the timer runs for, and the least that was in use since it stood in front. */
  #stalled: { readonly front: Request; readonly used: number } | undefined;
  /** In this round: a run of free bytes that is surely enough for all that is given out. */
  #promised: number | undefined;
  /** Whether some request for bytes stands behind the front. */
  #crowded = false;
  /** Whether the front is passed in this round. */
  #passing = false;

  constructor(host: RoomHost) {
    this.#host = host;
  }

  /** A round begins: everyone who waits will be asked, in order. */
  begin(): void {
    this.#front = undefined;
    this.#promised = undefined;
    this.#crowded = false;
  }

  /** Whether a request may go on now. If so, it has been given what it asked for. */
  grant(request: Request): boolean {
    const { seat, bytes } = request;
    const gift = this.#giftOf(seat);
    if (this.#host.owed(seat) + gift.bytes.length >= this.#host.axonSlots) return false;
    const inArena = bytes > SPIKE.inlineBytes;
    if (inArena && !this.#takes(request)) return false;
    gift.bytes.push(inArena ? bytes : 0);
    this.#gifts.set(seat, gift);
    this.#turn ??= setImmediate(() => this.#nextTurn());
    return true;
  }

  /** The round is over. */
  end(): void {
    // While something is given out there is another round in the next turn anyway.
    if (this.#front === undefined || !this.#crowded) this.#calm();
    else if (this.#turn === undefined) this.#watch(this.#front);
  }

  /** Gives out nothing more. */
  close(): void {
    this.#calm();
    clearImmediate(this.#turn);
  }

  #takes(request: Request): boolean {
    if (this.#front !== undefined) {
      this.#crowded = true;
      if (!this.#passing) return false;
    }
    const before = this.#promised ?? this.#outstanding();
    const fits = this.#host.fits(before + request.bytes);
    this.#promised = fits ? before + this.#run(request.bytes) : before;
    if (!fits) this.#front ??= request;
    return fits;
  }

  #outstanding(): number {
    const all = [...this.#gifts.keys()].flatMap((seat) => this.#giftOf(seat).bytes);
    return all.reduce((sum, bytes) => sum + this.#run(bytes), 0);
  }

  #run(bytes: number): number {
    if (bytes === 0) return 0;
    return bytes + Math.max(LEAST_ROUNDING, this.#host.capacity / ROUNDING_FRACTION);
  }

  /** What a neuron has not used yet of what it was given. */
  #giftOf(seat: Seat): Gift {
    const gift = this.#gifts.get(seat) ?? { base: seat.fired, bytes: [] };
    gift.bytes.splice(0, (seat.fired - gift.base) >>> 0);
    gift.base = seat.fired;
    return gift;
  }

  #nextTurn(): void {
    this.#turn = undefined;
    this.#gifts.clear();
    this.#host.recheckSoon();
  }

  /** Passes the front when no room comes back for a while: more room than there ever was while it stood there. */
  #watch(front: Request): void {
    const used = this.#host.used();
    if (this.#stalled?.front !== front || used < this.#stalled.used) this.#stall(front, used);
  }

  #stall(front: Request, used: number): void {
    this.#calm();
    this.#stalled = { front, used };
    // The timer must not keep a bus that nobody else has any more.
    const self = new WeakRef(this);
    const pass = (): void => {
      const room = self.deref();
      if (room !== undefined) room.#pass(front, used);
    };
    this.#timer = setTimeout(pass, front.patience).unref();
  }

  #pass(front: Request, used: number): void {
    this.#passing = true;
    this.#host.recheck();
    this.#passing = false;
    front.patience = Math.min(2 * front.patience, LONGEST_STALL_MS);
    if (this.#stalled?.front === front) this.#stall(front, used);
  }

  #calm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stalled = undefined;
  }
}
