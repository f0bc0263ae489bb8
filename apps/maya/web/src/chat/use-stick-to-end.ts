import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** This close to the end counts as being there, in CSS pixels: fractions and half-scrolled lines. */
const NEAR_END_PX = 48;

export interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLOListElement | null>;
  readonly isAtEnd: boolean;
  readonly jumpToEnd: () => void;
}

/** Keeps a scrolled list at its end while it grows, unless the reader has scrolled up. */
export function useStickToEnd(): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const sticks = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const jumpToEnd = useCallback(() => {
    sticks.current = true;
    setAtEnd(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'instant' });
  }, []);

  useEffect(() => {
    const box = scroller.current;
    const list = content.current;
    if (!box || !list) return;
    let height = box.clientHeight;
    const look = (): void => {
      sticks.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
      setAtEnd(sticks.current);
    };
    const onScroll = (): void => {
      // Scrolled because the room for it changed, and not by the reader: the observer is about to see to it.
      if (box.clientHeight === height) look();
    };
    const observer = new ResizeObserver(() => {
      height = box.clientHeight;
      if (sticks.current) jumpToEnd();
      else look();
    });
    box.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(list);
    observer.observe(box);
    return () => {
      box.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [jumpToEnd]);

  return { scroller, content, isAtEnd, jumpToEnd };
}
