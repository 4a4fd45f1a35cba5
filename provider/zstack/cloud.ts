import type { Cloud } from "../core/lifecycle/cloud";
import { ZStackConnection } from "./connection";
import { definitions } from "./definitions";
import { readZStackSettings, secretsOf, type ZStackSettings } from "./settings/settings";

/** A ZStack private cloud. */
export const zstack: Cloud<ZStackSettings> = {
  name: "zstack",
  service: "ZStack",
  definitions,
  readSettings: readZStackSettings,
  secretsOf,
  connect: (settings, { clock, onSecret }) => new ZStackConnection(settings, clock, onSecret),
};
