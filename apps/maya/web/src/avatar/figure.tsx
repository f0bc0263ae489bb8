import type { ReactNode } from 'react';
import type { Emotion } from '../../../server/http/contract.ts';
import { FACES, type Face } from './faces.tsx';

const [EYE_Y, LEFT_EYE_X, RIGHT_EYE_X] = [143, 134, 186];
const [EYE_WIDTH, EYE_HEIGHT] = [13, 11];

/** Maya from the waist up, drawn for a box of 320 by 420. */
export function Figure({ mood }: { readonly mood: Emotion }): ReactNode {
  const face = FACES[mood];
  return (
    <svg className="figure" viewBox="0 0 320 420" aria-hidden="true" data-mood={mood}>
      <g>
        <Dress />
        <g className="figure-head">
          <circle cx="160" cy="36" r="30" fill="#2c1a33" />
          <path d="M132 42 Q160 62 188 42" fill="none" stroke="#f0b3cf" strokeWidth="5" strokeLinecap="round" />
          <path d="M76 150 C70 40 250 40 244 150 C246 190 226 212 200 214 L120 214 C94 212 74 190 76 150 Z" fill="#2c1a33" />
          <path d="M141 196 h38 v36 q-19 22 -38 0 Z" fill="#cf9272" />
          <circle cx="97" cy="148" r="11" fill="#e0a583" />
          <circle cx="223" cy="148" r="11" fill="#e0a583" />
          <circle cx="95" cy="165" r="4" fill="#ffd700" />
          <circle cx="225" cy="165" r="4" fill="#ffd700" />
          <path d="M97 130 C97 84 223 84 223 130 C224 178 196 212 160 212 C124 212 96 178 97 130 Z" fill="#eab894" />
          <path d="M92 146 C86 84 124 60 168 62 C214 64 234 96 228 146 C222 116 204 96 178 88 C152 102 112 104 92 146 Z" fill="#3b2345" />
          <circle cx="118" cy="171" r="13" fill="#e0605f" opacity={face.blush * 0.6} />
          <circle cx="202" cy="171" r="13" fill="#e0605f" opacity={face.blush * 0.6} />
          <path d="M161 150 q6 14 -3 16" className="figure-line" opacity="0.5" />
          <path d={face.brows} className="figure-line figure-brows" />
          <Eye x={LEFT_EYE_X} face={face} />
          <Eye x={RIGHT_EYE_X} face={face} />
          {face.mouth}
          {mood === 'flustered' && <path d="M226 96 q9 15 0 20 q-9 -5 0 -20 Z" fill="#8fd3ff" className="figure-drop" />}
        </g>
        {mood === 'mixing' && <Shaker />}
        {mood === 'thinking' && <Thought />}
      </g>
    </svg>
  );
}

function Eye({ x, face }: { readonly x: number; readonly face: Face }): ReactNode {
  if (face.gaze === 'closed')
    return <path d={`M${x - 13} ${EYE_Y + 3} Q${x} ${EYE_Y - 13} ${x + 13} ${EYE_Y + 3}`} className="figure-line" />;
  const [lookX, lookY] = face.gaze;
  const lidY = EYE_Y - EYE_HEIGHT + face.lids * 2 * EYE_HEIGHT;
  const top = EYE_Y - EYE_HEIGHT - 2;
  return (
    <g className="figure-eye">
      <ellipse cx={x} cy={EYE_Y} rx={EYE_WIDTH} ry={EYE_HEIGHT} fill="#fffaf5" />
      <circle cx={x + lookX} cy={EYE_Y + lookY} r="7" fill="#4a2c1a" />
      <circle cx={x + lookX} cy={EYE_Y + lookY} r="3.5" fill="#150b08" />
      <circle cx={x + lookX + 2.5} cy={EYE_Y + lookY - 2.5} r="2" fill="#ffffff" />
      {face.lids > 0 && <path d={`M${x - 14} ${lidY} Q${x} ${lidY - 5} ${x + 14} ${lidY} L${x + 14} ${top} H${x - 14} Z`} fill="#eab894" />}
      <path
        d={`M${x - 13} ${Math.max(lidY, EYE_Y - 5)} Q${x} ${lidY - 5} ${x + 13} ${Math.max(lidY, EYE_Y - 5)}`}
        className="figure-line"
      />
    </g>
  );
}

function Dress(): ReactNode {
  return (
    <g>
      <path d="M44 420 C46 318 84 262 136 244 L184 244 C236 262 274 318 276 420 Z" fill="#f6efe6" />
      <path d="M92 420 C90 336 104 282 134 245 L160 318 L186 245 C216 282 230 336 228 420 Z" fill="#7a2e52" />
      <path d="M160 318 V420" stroke="#5c1f3c" strokeWidth="2" />
      <circle cx="160" cy="346" r="4" fill="#ffd700" />
      <circle cx="160" cy="378" r="4" fill="#ffd700" />
      <path d="M136 244 L160 268 L184 244 L178 232 H142 Z" fill="#ffffff" />
      <path d="M160 256 L130 240 V272 Z M160 256 L190 240 V272 Z" fill="#f0b3cf" />
      <circle cx="160" cy="256" r="7" fill="#d98bb0" />
      <path d="M84 330 Q78 370 82 420 M236 330 Q242 370 238 420" fill="none" stroke="#d8cabb" strokeWidth="3" />
    </g>
  );
}

function Shaker(): ReactNode {
  return (
    <g>
      <path d="M240 352 Q304 318 268 250" fill="none" stroke="#e9ded1" strokeWidth="36" strokeLinecap="round" />
      <g className="figure-shaker">
        <path d="M232 182 L278 182 L271 262 H239 Z" fill="#c9d1d9" />
        <path d="M230 182 Q255 146 280 182" fill="#aab4be" />
        <rect x="245" y="140" width="20" height="20" rx="5" fill="#8f9aa5" />
        <path d="M243 190 L247 254" stroke="#ffffff" strokeWidth="5" strokeLinecap="round" opacity="0.7" />
        <path d="M228 226 q14 -14 38 -6 q18 4 12 20 q-14 16 -36 8 q-18 -6 -14 -22 Z" fill="#eab894" />
      </g>
    </g>
  );
}

function Thought(): ReactNode {
  return (
    <g className="figure-thought" fill="#fffaf5">
      <circle cx="244" cy="92" r="6" />
      <circle cx="260" cy="70" r="9" />
      <ellipse cx="284" cy="34" rx="34" ry="24" />
      <g fill="#7a2e52">
        <circle cx="270" cy="34" r="4.5" />
        <circle cx="284" cy="34" r="4.5" />
        <circle cx="298" cy="34" r="4.5" />
      </g>
    </g>
  );
}
