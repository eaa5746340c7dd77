// How wide what is drawn may be.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** { at, width }: `at` is the ref of the element, which is so many pixels wide
 * inside; 0 as long as it is not shown. */
export function useWidth() {
  const at = useRef(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const see = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry.contentRect.width)));
    see.observe(at.current);
    return () => see.disconnect();
  }, []);
  return { at, width };
}
