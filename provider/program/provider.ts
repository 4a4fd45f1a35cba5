import * as pulumi from "@pulumi/pulumi";
import { explicitConfig, type CloudSettings } from "../pulumi/program/explicit-config";
import { securityCenterSettings } from "../securitycenter/settings/table";
import { zstackSettings } from "../zstack/settings/table";
import type { SecurityCenterProviderArgs, ZStackProviderArgs } from "./provider-args";

/** The connections of an explicit provider, by cloud. A cloud that is left out is connected as the stack config says. */
export interface ProviderArgs {
  /** A ZStack management node. */
  readonly zstack?: ZStackProviderArgs;
  /** A site of Alibaba Cloud Security Center. */
  readonly securitycenter?: SecurityCenterProviderArgs;
}

const CLOUDS: CloudSettings & Record<keyof ProviderArgs, unknown> = {
  zstack: zstackSettings,
  securitycenter: securityCenterSettings,
};

/**
 * An explicit connection, for a second installation or account in one program: give it to resources as the option `provider`,
 * or to a component as `providers: [provider]`. One instance carries the settings of every cloud, because Pulumi hands a component's
 * provider to all dynamic resources below it.
 *
 * Settings are stored with the stack, secrets encrypted. After a rotation plain `refresh` and `destroy` still use the stored ones: run
 * `pulumi up` first, or add `--run-program`.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, explicitConfig(name, CLOUDS, args), opts);
  }
}
