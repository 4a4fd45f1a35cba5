import type { Cloud } from "../core/lifecycle/cloud";
import { ZStackConnection } from "./connection";
import { definitions } from "./definitions";
import { readZStackSettings, secretsOf, type ZStackSettings } from "./settings/settings";
import { zstackSettings } from "./settings/table";

/** A ZStack private cloud. */
export const zstack: Cloud<ZStackSettings> = {
  name: zstackSettings.cloud,
  service: zstackSettings.service,
  settings: zstackSettings,
  definitions,
  readSettings: readZStackSettings,
  secretsOf,
  connect: (settings, { clock, onSecret }) => new ZStackConnection(settings, clock, onSecret),
};
