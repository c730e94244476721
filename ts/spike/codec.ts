/**
 * The tag of a spike: kind and length code in one byte, and which tags are refused. Imports: `native`, `units`.
 */
import { SPIKE } from '../native/index.js';
import type { Check } from '../units/index.js';
import { oneOf, refusal } from '../units/index.js';
import type { SpikeKind } from './types.js';

/** The kinds, each at the place of its code. */
export const KINDS: readonly [SpikeKind, SpikeKind, SpikeKind] = ['excitatory', 'inhibitory', 'modulatory'];

/** Bytes of the payload of a modulatory spike: dopamine, cortisol, acetylcholine. */
export const MODULATORY_BYTES = 3;

const MODULATORY = 2;

const KIND_TAGS = 'tags whose kind bits are 0 excitatory, 1 inhibitory, 2 modulatory';
const LENGTH_TAGS = 'tags whose length code is 0 (legacy) or 1 to 47 (inline)';

/** One of the kinds. */
export const kind: Check<SpikeKind> = oneOf(...KINDS);

/** The code of a kind. */
export function kindCode(value: unknown, name: string): number {
  return KINDS.indexOf(kind(value, name));
}

/**
 * The kind whose code stands in a tag.
 *
 * @throws E_OUT_OF_RANGE for code 3, which only memory that somebody else writes can hold
 */
export function kindOf(tag: number): SpikeKind {
  const found = KINDS[tag & SPIKE.kindMask];
  if (found === undefined) throw refusal('tag of a spike', tag, KIND_TAGS);
  return found;
}

/** The tag of a spike with `length` inline bytes. */
export function inlineTag(code: number, length: number): number {
  return code | ((SPIKE.lengthEmpty + length) << SPIKE.lengthShift);
}

/** The tag of a spike whose payload lies in the arena. */
export function arenaTag(code: number): number {
  return code | (SPIKE.lengthArena << SPIKE.lengthShift);
}

/** Whether the payload of a spike with this tag lies in the arena. */
export function inArena(tag: number): boolean {
  return tag >> SPIKE.lengthShift === SPIKE.lengthArena;
}

/**
 * Inline bytes of a spike with this tag.
 *
 * @throws E_OUT_OF_RANGE for a length that no spike has, which only memory that somebody else writes can hold
 */
export function payloadLength(tag: number): number {
  const length = inlineLength(tag);
  if (length > SPIKE.inlineBytes) throw refusal('tag of a spike', tag, LENGTH_TAGS);
  return length;
}

function inlineLength(tag: number): number {
  const code = tag >> SPIKE.lengthShift;
  return code === SPIKE.lengthLegacy ? SPIKE.inlineBytes : code - SPIKE.lengthEmpty;
}

/** @throws E_OUT_OF_RANGE for a modulatory spike of other than three bytes */
export function checkModulatory(code: number, length: number): void {
  if (code === MODULATORY && length !== MODULATORY_BYTES) throw badLength(length);
}

/** For each tag: 1 if a record with it may enter a ring that has no arena. */
const BARE_TAGS: Uint8Array = Uint8Array.from({ length: 256 }, (_, tag) => (bareTagFault(tag) === undefined ? 1 : 0));

/** @throws E_OUT_OF_RANGE if one of `count` records of `frames` may not enter a ring that has no arena */
export function checkFrames(frames: Uint8Array, count: number): void {
  let at = SPIKE.tag;
  for (let i = 0; i < count; i++, at += SPIKE_BYTES) {
    const tag = frames[at] ?? 0;
    if (BARE_TAGS[tag] !== 1) throw refusal(`spike ${i}`, tag, bareTagFault(tag) ?? '');
  }
}

/** Bytes of a spike. */
export const SPIKE_BYTES: number = SPIKE.payload + SPIKE.inlineBytes;

function bareTagFault(tag: number): string | undefined {
  const [code, length] = [tag & SPIKE.kindMask, inlineLength(tag)];
  if (code >= KINDS.length) return KIND_TAGS;
  if (inArena(tag)) return 'tags of inline payloads: a bare axon has no arena';
  if (length > SPIKE.inlineBytes) return LENGTH_TAGS;
  if (tag >> SPIKE.lengthShift === SPIKE.lengthLegacy) return undefined;
  return code === MODULATORY && length !== MODULATORY_BYTES ? 'modulatory tags of exactly 3 bytes' : undefined;
}

function badLength(length: number): Error {
  return refusal('payload of a modulatory spike, bytes', length, 'exactly 3 (dopamine, cortisol, acetylcholine)');
}
