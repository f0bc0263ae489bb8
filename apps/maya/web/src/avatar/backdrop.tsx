import type { ReactNode } from 'react';

const BOTTLE = 'M-11 0 V-44 Q-11 -54 -5 -58 V-78 H5 V-58 Q11 -54 11 -44 V0 Z';

const BOTTLES = [
  ['#5f8d6b', 40, 1],
  ['#a5653c', 84, 1.15],
  ['#6c6fa8', 128, 0.9],
  ['#8d3f5b', 168, 1.05],
  ['#b59a4c', 232, 1.1],
  ['#5d7f9c', 276, 0.95],
  ['#8a5a44', 322, 1.15],
  ['#6f8f58', 364, 1],
] as const;

/** The shelves behind Maya and the counter before her, for a box of any shape. */
export function Backdrop(): ReactNode {
  return (
    <svg className="backdrop" viewBox="0 0 400 580" preserveAspectRatio="xMidYMin slice" aria-hidden="true">
      <defs>
        <radialGradient id="lamp" cx="0.5" cy="0.28" r="0.75">
          <stop offset="0" stopColor="#5b3a4f" />
          <stop offset="0.55" stopColor="#332238" />
          <stop offset="1" stopColor="#1a121f" />
        </radialGradient>
      </defs>
      <rect width="400" height="580" fill="url(#lamp)" />
      {[150, 300].map((shelfY, row) => (
        <g key={shelfY} opacity="0.55">
          {BOTTLES.map(([color, x, size], index) => (
            <path
              key={x}
              d={BOTTLE}
              fill={color}
              transform={`translate(${(x + row * 20) % 400} ${shelfY}) scale(${size + ((index + row) % 3) * 0.08})`}
            />
          ))}
          <rect y={shelfY} width="400" height="8" fill="#6b4630" />
        </g>
      ))}
    </svg>
  );
}
