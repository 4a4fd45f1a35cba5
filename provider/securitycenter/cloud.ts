import type { Cloud } from "../core/lifecycle/cloud";
import { SecurityCenterConnection } from "./connection";
import { definitions } from "./definitions";
import { readSecurityCenterSettings, secretsOf, type SecurityCenterSettings } from "./settings/settings";
import { securityCenterSettings } from "./settings/table";

/** Alibaba Cloud Security Center. */
export const securitycenter: Cloud<SecurityCenterSettings> = {
  name: securityCenterSettings.cloud,
  service: securityCenterSettings.service,
  settings: securityCenterSettings,
  definitions,
  readSettings: readSecurityCenterSettings,
  secretsOf,
  connect: (settings, host) => new SecurityCenterConnection(settings, host),
};
