// The script tag, behind that of the client: `client.call()`, and what else is exported on `Carillon`.
import { Carillon } from "../client.ts";
import { Call, listDevices, qualityOf } from "./index.ts";

Object.assign(Carillon, { Call, listDevices, qualityOf });
