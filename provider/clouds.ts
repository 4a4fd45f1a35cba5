import type { AnyCloud } from "./pulumi/process/provider-process";
import { securitycenter } from "./securitycenter/cloud";
import { zstack } from "./zstack/cloud";

/** The clouds of this package. */
export const clouds: readonly AnyCloud[] = [zstack, securitycenter];
