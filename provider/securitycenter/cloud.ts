import type { Cloud } from "../core/lifecycle/cloud";
import { SecurityCenterConnection } from "./connection";
import { definitions } from "./definitions";
import { readSecurityCenterSettings, secretsOf, type SecurityCenterSettings } from "./settings/settings";

/** Alibaba Cloud Security Center. */
export const securitycenter: Cloud<SecurityCenterSettings> = {
  name: "securitycenter",
  service: "Security Center",
  definitions,
  readSettings: readSecurityCenterSettings,
  secretsOf,
  connect: (settings, host) => new SecurityCenterConnection(settings, host),
};
