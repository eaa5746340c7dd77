// What the machine is asked for, again whenever it has moved.
import { useEffect, useState } from "preact/hooks";
import * as model from "./model.js";

/** The answer of ask(), which depends on `on`; undefined: it has not come. */
export function useAsked(ask, ...on) {
  const [found, setFound] = useState({});
  const about = on.join();
  useEffect(() => {
    let wanted = true;
    ask().then((value) => wanted && setFound({ about, value }));
    return () => (wanted = false);
  }, [about, model.moment.value.trap, model.moment.value.at]);
  return found.about === about ? found.value : undefined;
}
