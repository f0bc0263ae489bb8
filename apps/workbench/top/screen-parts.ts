import { Box, Text, type TextProps } from 'ink';
import { createElement as element, type ReactElement, type ReactNode } from 'react';
import type { StatusSign } from '../client/status-signs.ts';
import { plainText } from './plain-text.ts';
import type { Row } from './area-rows.ts';

/** Below this the notes at the ends of lines are left out. */
const NARROW = 60;
const SIGN_WIDTH = 16;

/** How a dashboard may look. */
export interface Look {
  readonly hasColour: boolean;
  readonly columns: number;
}

const COLOURS: Readonly<Record<StatusSign['tone'], string | undefined>> = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  busy: 'cyan',
  ask: 'magenta',
  idle: undefined,
};

/** One line, cut at the end of the window. */
export function line(text: ReactNode, props: TextProps = {}): ReactElement {
  return element(Text, { wrap: 'truncate-end', ...props }, text);
}

export function coloured(colour: string | undefined, { hasColour }: Look): TextProps {
  return hasColour && colour !== undefined ? { color: colour } : {};
}

function signLine({ shape, tone, word }: StatusSign, look: Look): ReactElement {
  return element(
    Box,
    { width: SIGN_WIDTH, flexShrink: 0 },
    line([element(Text, { key: 'shape', ...coloured(COLOURS[tone], look) }, shape), ` ${word}`]),
  );
}

export function rowLine({ id, sign, text, note }: Row, isChosen: boolean, look: Look): ReactElement {
  const isWide = look.columns >= NARROW;
  return element(
    Box,
    { key: id, gap: 1, height: 1, width: look.columns },
    element(Box, { width: 1, flexShrink: 0 }, line(isChosen ? '>' : ' ', { bold: true })),
    signLine(sign, look),
    element(Box, { flexGrow: 1, flexShrink: 1, flexBasis: 0 }, line(plainText(text), { bold: isChosen })),
    isWide && note !== ''
      ? element(Box, { flexShrink: 0, maxWidth: Math.floor(look.columns / 3) }, line(plainText(note), { dimColor: look.hasColour }))
      : null,
  );
}

/** Why a source could not be read. */
export function failureLine(name: string, reason: string | null, look: Look): ReactElement {
  return element(
    Box,
    { key: `failure ${name}`, height: 1 },
    line(`■ ${name} cannot be read: ${plainText(reason ?? '')}`, coloured('red', look)),
  );
}
