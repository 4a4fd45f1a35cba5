/**
 * What every stack's state requires by name. Published as `pulumi-dingtalk/runtime`, and kept for ever: states that were
 * written by older releases call `resource(token)`.
 *
 * Only Pulumi's dynamic provider process loads this module; programs load `pulumi-dingtalk`.
 */
import type { dynamic } from "@pulumi/pulumi";
import { clouds } from "./clouds";
import { ProviderProcess } from "./pulumi/process/provider-process";

let running: ProviderProcess | undefined;

/**
 * The lifecycle of one kind of resource, as Pulumi's dynamic provider process calls it. The first call ties the process to its engine.
 *
 * @param token the resource's permanent name, for example `zstack:DingTalkEndpoint`
 * @throws InputError when this release knows no such resource
 */
export function resource(token: string): dynamic.ResourceProvider {
  running ??= new ProviderProcess(clouds, engineAddress()).watch();
  return running.resource(token);
}

/** Where the engine listens, as it tells the process that it starts; `undefined` in any other process. */
function engineAddress(): string | undefined {
  const [, script = ""] = process.argv;
  return /[\\/]dynamic-provider[\\/]?/.test(script) ? process.argv.at(-1) : undefined;
}
