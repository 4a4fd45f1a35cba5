import type { EngineProject } from "../../engine/harness";

/** The provider processes of a project that are alive, with the shell that the engine starts each with. */
export function providersOf(project: EngineProject): { pid: number; command: string }[] {
  return project
    .processes()
    .filter(({ command }) => /dynamic-provider|pulumi-resource-pulumi-nodejs/.test(command));
}
