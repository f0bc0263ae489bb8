import type { QuestionResult } from '../bench/measure.ts';

const WIDTH = 720;
const HEIGHT = 380;
const INNER = { left: 76, right: WIDTH - 20, top: 44, bottom: HEIGHT - 84 } as const;
/** Told apart in light and dark, and by most eyes; the dashes tell them apart without colours. */
const LINES = [
  { colour: '#2f81f7', dashes: 'none' },
  { colour: '#d29922', dashes: '7 4' },
  { colour: '#8b949e', dashes: '2 4' },
] as const;

interface Axis {
  readonly from: number;
  readonly to: number;
  /** Where a value lies. */
  at(value: number): number;
}

/** A plot of lines with logarithmic axes as SVG; on a transparent ground, in colours that can be read on white and on black. */
export function renderPlot({ title, x, y, lines }: NonNullable<QuestionResult['growth']>): string {
  const points = lines.flatMap((line) => line.points);
  const across = logarithmic(
    points.map(([value]) => value),
    INNER.left,
    INNER.right,
  );
  const up = logarithmic(
    points.map(([, value]) => value),
    INNER.bottom,
    INNER.top,
  );
  const grid = [
    ...powersOfTen(across).flatMap((value) => [
      `<line class="grid" x1="${across.at(value)}" x2="${across.at(value)}" y1="${INNER.top}" y2="${INNER.bottom}"/>`,
      `<text x="${across.at(value)}" y="${INNER.bottom + 18}" text-anchor="middle">${short(value)}</text>`,
    ]),
    ...powersOfTen(up).flatMap((value) => [
      `<line class="grid" x1="${INNER.left}" x2="${INNER.right}" y1="${up.at(value)}" y2="${up.at(value)}"/>`,
      `<text x="${INNER.left - 8}" y="${up.at(value) + 4}" text-anchor="end">${short(value)}</text>`,
    ]),
  ];
  const drawn = lines.flatMap((line, index) => {
    const { colour, dashes } = LINES[index % LINES.length] ?? LINES[0];
    const path = line.points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${across.at(px)} ${up.at(py)}`).join(' ');
    const legendX = INNER.left + index * 210;
    return [
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dashes}"/>`,
      ...line.points.map(([px, py]) => `<circle cx="${across.at(px)}" cy="${up.at(py)}" r="3.5" fill="${colour}"/>`),
      `<line x1="${legendX}" x2="${legendX + 24}" y1="${HEIGHT - 18}" y2="${HEIGHT - 18}" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dashes}"/>`,
      `<text x="${legendX + 30}" y="${HEIGHT - 14}">${escaped(line.name)}</text>`,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: #8b949e; stroke-opacity: 0.3 }
@media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } }
</style>
<text class="title" x="${INNER.left}" y="24">${escaped(title)}</text>
${grid.join('\n')}
<text x="${(INNER.left + INNER.right) / 2}" y="${INNER.bottom + 38}" text-anchor="middle">${escaped(x)}</text>
<text transform="translate(16 ${(INNER.top + INNER.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>
${drawn.join('\n')}
</svg>
`;
}

/** From the power of ten below the smallest value to the one above the largest. */
function logarithmic(values: readonly number[], start: number, end: number): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.max(Math.ceil(Math.log10(Math.max(...values)) - 1e-9), from + 1);
  const at = (value: number): number => Math.round((start + ((Math.log10(value) - from) / (to - from)) * (end - start)) * 10) / 10;
  return { from, to, at };
}

function powersOfTen({ from, to }: Axis): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step));
}

function short(value: number): string {
  if (value >= 1e9) return `${value / 1e9}G`;
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
