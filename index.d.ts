// Draft of the addon's contract; replaced by the generated file.
export interface BusConfig { arenaBytes: number; axonSlots: number; maxNeurons: number; deferSlots: number; inboxSlots: number; outboxSlots: number; wait: 'busy-spin' | 'spin-hint' | 'yield-then-park'; manualClock: boolean; pruneBelow: number; pruneEveryTicks: number }
export interface BridgeLayout { bytes: number; clockNs: number; tick: number; settled: number; dropped: number; inFlight: number; parked: number; readerParked: number; events: number; scratch: number; outbox: number; outboxFlags: number; inbox: number; recipients: number; done: number; crossed: number }
export interface RingLayout { headerBytes: number; slots: number; closed: number; producer: number; gateBitmap: number; intent: number; commit: number; waiters: number; gates: number; gateStride: number; maxReaders: number; intentBlock: number; slotBytes: number }
export interface SpikeLayout { timestampNs: number; sequence: number; source: number; target: number; tag: number; priority: number; payload: number; inlineBytes: number; kindMask: number; lengthShift: number; lengthLegacy: number; lengthEmpty: number; lengthArena: number; arenaMarker: number; arenaOffset: number; arenaLen: number; arenaRefSlot: number; broadcast: number }
export declare function bridgeLayout(config: BusConfig): BridgeLayout
/** Bytes to skip so that the memory starts at a multiple of 64: allocate 64 more than `bytes`, and hand over the aligned part. */
export declare function alignedOffset(memory: Uint8Array): number
export declare function ringLayout(): RingLayout
export declare function spikeLayout(): SpikeLayout
export interface Card { name: string; description: string; capabilities: string[]; regions: string[]; slots: number }
export interface Membrane { threshold: number; rest: number; leak: number; refractoryTicks: number; floor: number }
export interface StdpInit { aPlus: number; aMinus: number; tauPlusMs: number; tauMinusMs: number; wMin: number; wMax: number; decayPerSecond: number }
export interface FilterInit { type: 'kind' | 'priority' | 'prefix' | 'custom'; kind?: number; min?: number; prefix?: Uint8Array; name?: string }
/** undefined keeps what is there (or the default of a new synapse). `stdp: null` turns learning off. */
export interface ConnectInit { weight?: number; stdp?: Partial<StdpInit> | null; filters?: FilterInit[] }
export interface SynapseState { weight: number; stdp: StdpInit | null; filters: FilterInit[] }
export interface NativeEvent { type: 'drop' | 'prune'; reason?: string; source: number; target: number; sequence?: number; weight?: number }
export interface NativeStats { fired: number; delivered: number; deferred: number; inFlight: number; inboxWritten: number; ticks: number; lateTicks: number; dropped: Record<string, number>; eventsLost: number }
export interface RefInit { offset: number; length: number; slot: number; generation: number }
export interface ArenaStats { used: number; capacity: number; epoch: number; highWater: number; leases: number }
export declare class Bus {
  constructor(config: BusConfig, memory: Uint8Array, doorbell: () => void)
  /** The argument-free function of the hot path: refreshes clockNs and wakes a parked driver. */
  touch(): () => void
  settle(): void
  register(card: Card, membrane: Membrane): number
  unregister(id: number): void
  connect(pre: number, post: number, init: ConnectInit): void
  disconnect(pre: number, post: number): boolean
  synapse(pre: number, post: number): SynapseState | null
  /** pre, post, pre, post, … in (pre, post) order */
  synapses(): Uint16Array
  discover(capability: string | null, region: string | null): Uint16Array
  potential(id: number): number
  route(): boolean
  finish(): void
  start(tickMs: number): void
  /** Stops and joins the driver thread. */
  stop(): void
  /** pairs removed: pre, post, … (also queued as nothing: the caller emits) */
  prune(): NativeEvent[]
  /** Whether drop events are worth queueing. */
  watchDrops(on: boolean): void
  events(): NativeEvent[]
  stats(): NativeStats
  advance(ns: number): void
  registerFilter(name: string): void
  arenaStore(bytes: Uint8Array): void
  arenaWrite(bytes: Uint8Array): RefInit
  arenaFits(bytes: number): boolean
  arenaLease(ref: RefInit): number
  arenaUnlease(lease: number): void
  arenaAddRef(ref: RefInit): void
  arenaRelease(ref: RefInit): boolean
  arenaReset(): void
  arenaStats(): ArenaStats
  arenaBuffer(): ArrayBuffer
  /** The memory of a neuron's axon (ring layout). */
  axonBuffer(id: number): ArrayBuffer
  axonClaimGate(id: number): number
  axonReleaseGate(id: number, gate: number): void
  /** Counts what is left as `closed`, stops the driver, closes rings and arena. Idempotent. */
  close(): void
}
