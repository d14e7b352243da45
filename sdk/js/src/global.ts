// The script tag: the class is the global `Carillon`, and what else is exported hangs on it.
import * as all from "./index.ts";

(globalThis as Record<string, unknown>)["Carillon"] = Object.assign(all.Carillon, {
  chooseTransport: all.chooseTransport,
  describeState: all.describeState,
  Error: all.CarillonError,
  asError: all.asError,
});
