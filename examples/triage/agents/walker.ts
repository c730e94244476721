/**
 * Streams a directory tree onto the bus. Imports: `neuronbus`.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { AgentCardInit, Neuron, NeuronHandlers, NeuronId, Spike } from 'neuronbus';
import { send } from '../courier.js';
import { FRAME_HEAD, frame, writeHead } from '../frame.js';
import { baseName, messageOf } from '../kinds/index.js';
import type { News, Question, Verdict } from '../messages.js';
import { display, type TreeEntry, walkTree } from '../tree.js';
import type { Guild } from './guild.js';

/** Files that are read at once. */
export const LANES = 8;

/** Largest piece of a file in one spike, bytes. */
export const CHUNK_BYTES = 256 * 1024;

/** How a file ended; with the message of the system if it could not be read. */
interface End {
  readonly part: 'end' | 'abort';
  readonly message?: string;
}

/** Reads files in {@link LANES} lanes; each asks the classifier for a parser, then sends it the file. */
export class Walker implements NeuronHandlers {
  static readonly card: AgentCardInit = {
    name: 'walker',
    description: 'streams the files of a directory',
    capabilities: ['walk'],
    regions: ['triage/walk'],
  };

  readonly #guild: Guild;
  readonly #root: Buffer;
  readonly #verdicts: Map<number, (parser: NeuronId) => void> = new Map();
  #files = 0;
  #sent = 0;

  constructor(guild: Guild, root: Buffer) {
    this.#guild = guild;
    this.#root = root;
  }

  onSpike(spike: Spike): void {
    this.#guild.heard(spike);
    const { file, parser } = spike.json<Verdict>();
    this.#verdicts.get(file)?.(parser);
    this.#verdicts.delete(file);
  }

  /** Walks until all is sent or the signal is aborted, then tells the aggregator how many files it sent whole. */
  async walk(self: Neuron, signal: AbortSignal): Promise<void> {
    const entries = walkTree(this.#root);
    const lanes = Array.from({ length: LANES }, () => this.#lane(self, entries, signal));
    await Promise.all(lanes);
    await this.#tell(self, { about: 'end', files: this.#sent });
  }

  async #lane(self: Neuron, entries: AsyncIterable<TreeEntry>, signal: AbortSignal): Promise<void> {
    const buffer = Buffer.allocUnsafe(FRAME_HEAD + CHUNK_BYTES);
    for await (const entry of entries) {
      if (signal.aborted) return;
      if (entry.type === 'file') await this.#file(self, entry.path, buffer, signal);
      else await this.#skip(self, entry);
    }
  }

  async #file(self: Neuron, path: Buffer, buffer: Buffer, signal: AbortSignal): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      return this.#skip(self, { type: 'unreadable', path, message: messageOf(error) });
    }
    try {
      await this.#stream(self, handle, path, buffer, signal);
    } finally {
      await handle.close();
    }
  }

  async #stream(self: Neuron, handle: FileHandle, path: Buffer, buffer: Buffer, signal: AbortSignal): Promise<void> {
    const file = this.#files++;
    const name = display(path, this.#root);
    const parser = await this.#classify(self, file, name);
    await send(self, parser, frame(file, 'open', name));
    const end = await this.#chunks(self, parser, file, handle, buffer, signal);
    await send(self, parser, frame(file, end.part));
    if (end.part === 'end') this.#sent++;
    if (end.message !== undefined) await this.#skip(self, { type: 'unreadable', path, message: end.message });
  }

  /** Sends what can be read; says how that ended. */
  async #chunks(
    self: Neuron,
    parser: NeuronId,
    file: number,
    handle: FileHandle,
    buffer: Buffer,
    signal: AbortSignal,
  ): Promise<End> {
    while (!signal.aborted) {
      const read = await handle.read(buffer, FRAME_HEAD, CHUNK_BYTES).catch(messageOf);
      if (typeof read === 'string') return { part: 'abort', message: read };
      if (read.bytesRead === 0) return { part: 'end' };
      writeHead(buffer, file, 'chunk');
      await send(self, parser, buffer.subarray(0, FRAME_HEAD + read.bytesRead));
    }
    return { part: 'abort' };
  }

  async #classify(self: Neuron, file: number, path: string): Promise<NeuronId> {
    const question: Question = { file, name: baseName(path) };
    const verdict = new Promise<NeuronId>((resolve) => this.#verdicts.set(file, resolve));
    await send(self, this.#guild.who('classify'), Buffer.from(JSON.stringify(question)));
    return verdict;
  }

  #skip(self: Neuron, entry: Exclude<TreeEntry, { type: 'file' }>): Promise<void> {
    const { type: reason, path, message } = entry;
    const news = { about: 'skip', reason, path: display(path, this.#root) } as const;
    return this.#tell(self, message === undefined ? news : { ...news, message });
  }

  #tell(self: Neuron, news: News): Promise<void> {
    return send(self, this.#guild.who('sum'), Buffer.from(JSON.stringify(news)));
  }
}
