import type { ReactNode } from 'react';
import type { Emotion } from '../../../server/http/contract.ts';

/** What of Maya's face changes with her mood; coordinates are those of the figure. */
export interface Face {
  readonly brows: string;
  /** Where the pupils look, from the middle of the eye; closed eyes have none. */
  readonly gaze: readonly [x: number, y: number] | 'closed';
  /** How far the upper lids come down, from 0 to 1. */
  readonly lids: number;
  readonly mouth: ReactNode;
  /** From 0 to 1. */
  readonly blush: number;
}

const line = (d: string): ReactNode => <path d={d} className="figure-line" />;

const SMILE = line('M143 180 Q160 192 177 180');

export const FACES: Readonly<Record<Emotion, Face>> = {
  neutral: { brows: 'M119 119 Q133 112 148 118 M172 118 Q187 112 201 119', gaze: [0, 0], lids: 0.15, mouth: SMILE, blush: 0.25 },
  happy: {
    brows: 'M119 114 Q133 105 148 112 M172 112 Q187 105 201 114',
    gaze: 'closed',
    lids: 0,
    mouth: (
      <g>
        <path d="M137 175 Q160 184 183 175 Q178 204 160 204 Q142 204 137 175 Z" fill="#7d2438" />
        <path d="M141 178 Q160 186 179 178 L177 184 Q160 191 143 184 Z" fill="#fff8f0" />
      </g>
    ),
    blush: 0.5,
  },
  flustered: {
    brows: 'M120 115 Q132 104 148 106 M172 106 Q188 104 200 115',
    gaze: [-4, 2],
    lids: 0,
    mouth: line('M141 186 q6.5 -8 12.5 0 t12.5 0 t12.5 0'),
    blush: 0.9,
  },
  thinking: {
    brows: 'M119 121 Q133 116 148 120 M172 112 Q187 103 201 112',
    gaze: [5, -3],
    lids: 0,
    mouth: line('M148 184 Q160 181 174 185'),
    blush: 0.2,
  },
  mixing: { brows: 'M119 117 Q133 111 148 118 M172 118 Q187 111 201 117', gaze: [0, 5], lids: 0.4, mouth: SMILE, blush: 0.4 },
  upset: {
    brows: 'M118 123 Q130 112 147 110 M173 110 Q190 112 202 123',
    gaze: [0, 4],
    lids: 0.35,
    mouth: line('M143 190 Q160 176 177 190'),
    blush: 0.15,
  },
};
