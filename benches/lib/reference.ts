/** What the earlier Rust-only NeuronBus published of itself, to stand beside our figures (NB-55). */
export const REFERENCE = {
  spikeNs: 12.5,
  spscMillionsPerS: 98,
  spmc8ReadsMillionsPerS: 109,
  arenaMillionsPerS: 192,
  note: 'published by the reference, on another machine; rings: one thread that publishes, then reads; arena: nothing given back',
} as const;

/** The same for people. */
export const REFERENCE_TEXT: string =
  'The reference published 12.5 ns to make a spike, 98 M spikes/s (beside P1a), 109 M reads/s by eight readers (P2b counts spikes,\n' +
  'an eighth of that) and 192 M allocations/s (P12 gives each back): on another machine, its rings filled, then read, by one\n' +
  'thread. Ours of P1 and P2 go from thread to thread, each message checked.';
