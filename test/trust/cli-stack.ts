/** Stacks of the real CLI over a world: the same declarations as programs, the same judgement of what is there afterwards. */
import {
  type CommandOptions,
  createEngineProject,
  type Deployment,
  type EngineProject,
  type EngineResult,
  type RunningCommand,
} from "../engine/harness";
import { SecretValue } from "../engine/provider-process";
import { connectionOf, program } from "../engine/support/lab";
import { keysOf } from "../engine/support/robot-lab";
import type { Declaration } from "./engine-model";
import { autoNameOf, FAST_CLOCK, type Known, type World } from "./world";

/** More than the five seconds that a provider process takes at most to notice that its engine is gone, and to end. */
const GONE_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 50;

const PROVIDER = /dynamic-provider|pulumi-resource-pulumi-nodejs/;

/** A Pulumi project connected to both clouds of a world; one stack at a time. */
export class CliStack {
  private stacks = 0;

  private constructor(
    readonly world: World,
    private readonly project: EngineProject,
  ) {}

  static async create(world: World): Promise<CliStack> {
    const { emulator } = world;
    const project = await createEngineProject({
      program: "",
      // Of the project, so that every stack has it.
      projectFile: [
        "config:",
        "  securitycenter:site:",
        "    value: china",
        "  securitycenter:endpoint:",
        `    value: ${emulator.securitycenter.china.url}`,
      ].join("\n"),
      env: {
        ...connectionOf(emulator),
        ...keysOf(emulator),
        NODE_OPTIONS: `--require ${JSON.stringify(FAST_CLOCK)}`,
      },
    });
    return new CliStack(world, project);
  }

  dispose(): Promise<void> {
    return this.project.dispose();
  }

  /** A new, empty stack over clouds that hold what others own; what the last one left is forgotten, its processes included. */
  async begin(names: readonly string[]): Promise<void> {
    for (const { pid } of this.project.processes()) {
      process.kill(pid, "SIGKILL");
    }
    this.world.reset(names);
    await this.init();
  }

  /** A new, empty stack. */
  async init(): Promise<void> {
    this.stacks += 1;
    await this.project.pulumi(["stack", "init", this.stack], { stack: "" });
  }

  get stack(): string {
    return `run-${this.stacks}`;
  }

  declare(declarations: readonly Declaration[]): void {
    this.project.writeProgram(program(...declarations.map(statementOf)));
  }

  pulumi(args: string[], options: CommandOptions = {}): Promise<EngineResult> {
    return this.project.pulumi(args, { stack: this.stack, ...options });
  }

  start(args: string[]): RunningCommand {
    return this.project.start(args, { stack: this.stack });
  }

  /** The provider's Node and the shell that the engine starts it with. */
  providers(): number[] {
    return this.project
      .processes()
      .filter(({ command }) => PROVIDER.test(command))
      .map(({ pid }) => pid);
  }

  /** Waits until no provider process is left; nobody ends it but itself. */
  async providersEnded(): Promise<void> {
    const deadline = Date.now() + GONE_WITHIN_MS;
    while (this.providers().length > 0) {
      if (Date.now() > deadline) {
        throw new Error("a provider process outlives its engine");
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** Fails unless state and servers hold exactly the declared objects, and nothing is open. */
  async assertExactly(declarations: readonly Declaration[]): Promise<void> {
    const { deployment } = (await this.pulumi(["stack", "export"])).json as Deployment;
    expect((deployment.pending_operations ?? []).map(operationOf)).toEqual([]);
    const resources = (deployment.resources ?? []).filter(({ type }) => type.startsWith("pulumi-nodejs:"));
    const recorded = resources.map(({ urn, id, initErrors, ...rest }): Known => {
      expect(rest["delete"]).toBeUndefined();
      return {
        name: urn.split("::").at(-1) ?? "",
        id: id ?? "",
        ...(initErrors === undefined ? {} : { initErrors }),
        ...(rest["pendingReplacement"] === true ? { isPendingReplacement: true as const } : {}),
      };
    });
    this.world.assertExactly(declarations, { recorded });
  }
}

/** Enough to name an operation that the engine has not seen the end of. */
function operationOf(operation: unknown): string {
  const { type, resource } = operation as { type: string; resource: { urn: string } };
  return `${type} ${resource.urn}`;
}

/** Its name is given, because the world knows it only so. */
function statementOf({ name, token, args }: Declaration): string {
  const given = Object.entries<unknown>({ name: autoNameOf(name), ...args }).map(
    ([key, value]) => `${key}: ${textOf(value)}`,
  );
  return `new ${token.replace(":", ".")}(${JSON.stringify(name)}, { ${given.join(", ")} });`;
}

function textOf(value: unknown): string {
  return value instanceof SecretValue
    ? `pulumi.secret(${JSON.stringify(value.secretValue)})`
    : JSON.stringify(value);
}

/** The URN of a declared resource. */
export function urnOf(stack: string, { name, token }: Declaration): string {
  return `urn:pulumi:${stack}::engine-test::pulumi-nodejs:dynamic/${token}::${name}`;
}
