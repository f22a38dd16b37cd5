import { newId } from '../../platform/id.ts';
import type { KitchenRoom } from '../ports.ts';
import { createAdmissionWindow } from './admission-window.ts';
import { Arrivals, type SlotCount, slotOf } from './arrivals.ts';
import { LINE_LIVES_MS, type LineNews, type SharedLine } from './line-exchange.ts';
import { LineTellers } from './line-tellers.ts';
import type { Place } from './place-token.ts';

/** Whoever asks does so well within this, so a line of which nobody has asked holds up no newcomer. */
const ASKED_WITHIN_MS = 20_000;
/** What the line lets in is smoothed over so long. */
const RATE_MEMORY_MS = 8_000;
const RATE_MIN = 0.2;
/** Counts are kept so long after everybody in them was let in, for processes that are behind. */
const KEPT_SLOTS = 60;
/** What one process has counted the others know by then. */
const TOLD_WITHIN_MS = 2_000;

/** One store's line as one process knows it: who came, who was let in, how fast that goes, and what the others have not been told yet. */
export class StoreLine {
  readonly #storeId: string;
  readonly #arrivals = new Arrivals();
  readonly #window: ReturnType<typeof createAdmissionWindow>;
  #news = new Map<number, SlotCount>();
  readonly #teller: string;
  readonly #tellers: LineTellers;
  #turn = 0;
  /** How many with a place were served here. */
  #came = 0;
  /** When what was told last was told. */
  #toldAtMs = 0;
  /** What was told last and may not have been heard; told again as it was before anything newer. */
  #unheard: ReadonlyMap<number, SlotCount> | undefined;
  /** When a place was last given here. */
  #givenAtMs: number;
  /** When somebody with a place last asked. */
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** Nothing was heard of the other processes yet: nobody is let in, and whoever asks is told to ask again soon. */
  #isNew = true;
  #kitchen: KitchenRoom | null | undefined;
  /** Who was taken back after everything was lost, by slot. */
  readonly #back = new Map<number, Set<string>>();
  #rate: { readonly perSecond: number; readonly admitted: number; readonly atMs: number; readonly sinceMs: number };

  /** @param perSecond how many the intake takes, as far as is known: so many are let in at first */
  constructor(storeId: string, perSecond: number, nowMs: number) {
    this.#storeId = storeId;
    // By the clock that all processes share, as the oldest of them has a part of its own.
    this.#teller = newId(Math.floor(nowMs));
    this.#tellers = new LineTellers(this.#teller);
    this.#window = createAdmissionWindow(perSecond);
    this.#givenAtMs = nowMs;
    this.#rate = { perSecond: 0, admitted: 0, atMs: nowMs, sinceMs: nowMs };
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  get waiting(): number {
    return this.#arrivals.waiting;
  }

  /** As it was last heard of; undefined: it was not yet, and then nobody is let in. */
  set kitchen(room: KitchenRoom | null) {
    this.#kitchen = room;
  }

  isAdmitted({ atMs }: Place): boolean {
    return atMs < this.#arrivals.markMs;
  }

  /** How many wait in front of a place; 0 for one that is let in. */
  aheadOf(place: Place): number {
    return this.isAdmitted(place) ? 0 : this.#arrivals.aheadOf(place.atMs);
  }

  /** Whether an order without a place, or whose turn has not come, may pass: nobody waits, or nobody who waits asks. */
  isFreeFor(nowMs: number): boolean {
    return nowMs - this.#askedAtMs > ASKED_WITHIN_MS || this.#arrivals.waiting === 0;
  }

  /** Nobody has asked for so long that it is no line any more. */
  isOver(nowMs: number): boolean {
    return nowMs - Math.max(this.#givenAtMs, this.#askedAtMs) > LINE_LIVES_MS;
  }

  /** Somebody new stands at the end. */
  join(atMs: number, nowMs: number): void {
    this.#givenAtMs = nowMs;
    this.#arrive(atMs);
  }

  /**
   * Somebody asks. Where nobody is known to have come in this place's second, all was lost, or the line had died: the places
   * themselves bring it back.
   */
  ask(place: Place, nowMs: number): void {
    this.#askedAtMs = nowMs;
    // Younger ones may only not have been told yet.
    if (this.#isNew || this.isAdmitted(place) || nowMs - place.atMs < TOLD_WITHIN_MS) return;
    const slot = slotOf(place.atMs);
    // Lost once more: those who were taken back are to be taken back again.
    if (!this.#arrivals.knowsSlotOf(place.atMs)) this.#back.set(slot, new Set());
    const back = this.#back.get(slot);
    if (!back || back.has(place.id)) return;
    back.add(place.id);
    this.#arrive(place.atMs);
  }

  /** Somebody who had been let in was served. */
  came(nowMs: number): void {
    this.#came += 1;
    this.#window.came(nowMs);
  }

  /**
   * In how many seconds so many are let in and one more. Where the kitchen is the bound, it knows how fast it cooks; the intake's speed is
   * what was seen of the line, the more the longer it was seen, and before that what the intake says.
   */
  secondsFor(ahead: number, intakePerSecond: number, nowMs: number): number {
    if (this.#kitchen) return Math.max(1, Math.ceil(secondsInKitchen(this.#kitchen, ahead, nowMs)));
    const seen = 1 - Math.exp((this.#rate.sinceMs - nowMs) / RATE_MEMORY_MS);
    const perSecond = Math.max(RATE_MIN, this.#rate.perSecond + (1 - seen) * intakePerSecond);
    return Math.max(1, Math.ceil((ahead + 1) / perSecond));
  }

  /**
   * Lets in whom there is room for: in the intake of this process, or in the one kitchen that all processes stand in front of, where one of them
   * does it for all.
   * @param load of the intake: 0 is idle, from 1 on whoever comes would wait too long
   * @param forgottenMs whoever came before is waited for no more
   */
  letIn(load: number, forgottenMs: number, nowMs: number): void {
    this.#arrivals.forget(forgottenMs);
    if (this.#arrivals.waiting > 0 && !this.#isNew && this.#kitchen !== undefined) {
      const roomMax = this.#kitchen ? this.#tellers.partOf(this.#kitchen.orders, nowMs) : Number.MAX_SAFE_INTEGER;
      const room = this.#window.room(nowMs, load, roomMax);
      let count = 0;
      for (const [slot, admitted] of this.#arrivals.admit(room, nowMs)) {
        this.#note(slot, { arrived: 0, admitted });
        count += admitted;
      }
      this.#window.admitted(count, nowMs);
    }
    this.#tellRate(nowMs);
  }

  /** Takes out what the other processes have not been told yet, or once more what they may not have heard. */
  takeNews(nowMs: number): LineNews {
    const doneBefore = slotOf(this.#arrivals.markMs) - KEPT_SLOTS;
    const told = { storeId: this.#storeId, teller: this.#teller, doneBefore, came: this.#came };
    this.#toldAtMs = nowMs;
    if (this.#unheard) return { ...told, turn: this.#turn, counts: this.#unheard };
    if (!this.isOver(nowMs) || this.#news.size > 0) this.#note(slotOf(nowMs), { arrived: 0, admitted: 0 });
    const counts = this.#news;
    this.#news = new Map();
    this.#unheard = counts;
    this.#turn += 1;
    return { ...told, turn: this.#turn, counts };
  }

  /** What all processes have counted; what was counted here since the news was taken comes on top. */
  hear({ counts, tellers }: SharedLine, nowMs: number): void {
    this.#isNew = false;
    this.#unheard = undefined;
    const before = this.#arrivals.admitted;
    this.#arrivals.replace(counts, this.#news, nowMs);
    const came = this.#tellers.hear(tellers, this.#toldAtMs, nowMs);
    // Of one kitchen's room each process knows all that was let in, so that the next one goes on where the one before it ended.
    if (!this.#kitchen) return;
    this.#window.admitted(this.#arrivals.admitted - before, nowMs);
    for (let served = 0; served < came; served += 1) this.#window.came(nowMs);
  }

  /** Nobody answered: this process goes on with what it knows, and tells it when somebody listens again. */
  notHeard(): void {
    this.#isNew = false;
    this.#tellers.notHeard();
  }

  #arrive(atMs: number): void {
    this.#arrivals.arrive(atMs);
    this.#note(slotOf(atMs), { arrived: 1, admitted: 0 });
  }

  #note(slot: number, by: SlotCount): void {
    const known = this.#news.get(slot) ?? { arrived: 0, admitted: 0 };
    this.#news.set(slot, { arrived: known.arrived + by.arrived, admitted: known.admitted + by.admitted });
  }

  #tellRate(nowMs: number): void {
    const rate = this.#rate;
    const passedMs = nowMs - rate.atMs;
    if (passedMs <= 0) return;
    const keep = Math.exp(-passedMs / RATE_MEMORY_MS);
    const { admitted } = this.#arrivals;
    this.#rate = {
      // A sum that fades, from nothing: what is missing of its weight is what is not known yet.
      perSecond: rate.perSecond * keep + ((1000 * (admitted - rate.admitted)) / passedMs) * (1 - keep),
      admitted,
      atMs: nowMs,
      sinceMs: admitted === 0 ? nowMs : rate.sinceMs,
    };
  }
}

/** A kitchen that is full takes nobody until it has room for a wave of orders, and then all of those at once. */
function secondsInKitchen(
  { orders, perMinute, wave, closedMinutes, untilMs }: KitchenRoom,
  ahead: number,
  nowMs: number,
): number {
  const behind = ahead - orders;
  if (behind < 0) return 0;
  const waveS = (60 * wave) / perMinute;
  const firstS = orders > 0 ? waveS : Math.max(60 * closedMinutes, untilMs === null ? 0 : (untilMs - nowMs) / 1000);
  return firstS + Math.floor(behind / wave) * waveS;
}
