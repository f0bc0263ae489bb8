import { useEffect, useRef, useState } from 'react';
import { advance, changeTo, frameAt, restAt, type CountUpFrame } from './count-up.ts';
import { useReducedMotion } from './use-reduced-motion.ts';

/** The frame to draw of a figure that follows `value`; the first value and reduced motion are shown without counting. */
export function useCountUp(value: number): CountUpFrame {
  const isReduced = useReducedMotion();
  const figure = useRef(restAt(value));
  const [frame, setFrame] = useState<CountUpFrame>({ value, scale: 1, isMoving: false });

  useEffect(() => {
    figure.current = isReduced ? restAt(value) : changeTo(figure.current, value, performance.now());
    let request = 0;
    const draw = (): void => {
      const now = performance.now();
      figure.current = advance(figure.current, now);
      const next = frameAt(figure.current, now);
      setFrame(next);
      if (next.isMoving) request = requestAnimationFrame(draw);
    };
    request = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(request);
  }, [value, isReduced]);

  return isReduced ? { value, scale: 1, isMoving: false } : frame;
}
