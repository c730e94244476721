/**
 * Pictures of the examples: SVG as text, and one plane with axes to draw on. Imports: nothing of ours.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Colours that can be told apart by everyone (Okabe and Ito). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** From and to. */
export type Span = readonly [from: number, to: number];

/** How a shape looks. */
export type Look = Readonly<Record<string, string | number>>;

/** A picture; lengths are pixels. */
export class Svg {
  readonly #size: Span;
  readonly #parts: string[] = [];

  constructor(width: number, height: number) {
    this.#size = [width, height];
    this.add('rect', { width, height, fill: 'white' });
  }

  /** Adds an element of SVG. */
  add(element: string, look: Look, text = ''): this {
    const attributes = Object.entries(look).map(([name, value]) => ` ${name}="${escaped(`${value}`)}"`);
    this.#parts.push(`<${element}${attributes.join('')}>${escaped(text)}</${element}>`);
    return this;
  }

  /** Writes something. */
  text(x: number, y: number, text: string, look: Look = {}): this {
    return this.add('text', { x, y, 'font-size': 12, fill: '#333', ...look }, text);
  }

  toString(): string {
    const [width, height] = this.#size;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">`;
    return `${head}\n${this.#parts.join('\n')}\n</svg>\n`;
  }

  /** Writes it to `build/examples/NAME.svg`, and returns where that is. */
  async write(name: string): Promise<string> {
    const folder = new URL('../../../examples/', import.meta.url);
    await mkdir(folder, { recursive: true });
    const path = fileURLToPath(new URL(`${name}.svg`, folder));
    await writeFile(path, this.toString());
    return path;
  }
}

/** A plane with axes: quantities become places. */
export class Plane {
  readonly #svg: Svg;
  readonly #x: Scale;
  readonly #y: Scale;

  /** @param box left, top, right, bottom, in pixels */
  constructor(svg: Svg, box: readonly [number, number, number, number], x: Span, y: Span) {
    const [left, top, right, bottom] = box;
    this.#svg = svg;
    this.#x = scale(x, [left, right]);
    this.#y = scale(y, [bottom, top]);
    svg.add('path', { d: `M${left} ${top}V${bottom}H${right}`, stroke: '#333', fill: 'none' });
  }

  /** Names the axes and marks places on them. */
  label(x: string, y: string, marksX: readonly number[], marksY: readonly number[]): this {
    const [left, bottom] = [this.#x.range[0], this.#y.range[0]];
    for (const mark of marksX) this.#svg.text(this.#x.at(mark), bottom + 16, `${mark}`, { 'text-anchor': 'middle' });
    for (const mark of marksY) this.#svg.text(left - 6, this.#y.at(mark) + 4, `${mark}`, { 'text-anchor': 'end' });
    this.#svg.text(this.#x.range[1], bottom + 32, x, { 'text-anchor': 'end' });
    this.#svg.text(left, this.#y.range[1] - 8, y);
    return this;
  }

  /** A line through points. */
  line(points: readonly Span[], look: Look): this {
    const places = points.map(([x, y]) => `${this.#x.at(x).toFixed(1)},${this.#y.at(y).toFixed(1)}`);
    this.#svg.add('polyline', { points: places.join(' '), fill: 'none', ...look });
    return this;
  }

  /** Small squares, all of one path. */
  dots(points: readonly Span[], stroke: string): this {
    const places = points.map(([x, y]) => `M${this.#x.at(x).toFixed(1)} ${this.#y.at(y).toFixed(1)}h2`);
    this.#svg.add('path', { d: places.join(''), stroke, 'stroke-width': 2 });
    return this;
  }
}

interface Scale {
  readonly range: Span;
  at(value: number): number;
}

function scale([low, high]: Span, range: Span): Scale {
  return { range, at: (value) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]) };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
