import type { dynamic } from "@pulumi/pulumi";
import { systemClock } from "../../core/clock";
import { InputError } from "../../core/errors";
import type { AnyDefinition, Cloud } from "../../core/lifecycle/cloud";
import { createRedactor } from "../../core/redact";
import { didYouMean } from "../../core/suggest";
import type { HttpSettings } from "../../core/transport/http";
import { Connections } from "./connections";
import { DynamicFront } from "./dynamic-front";
import { EngineLog } from "./engine-log";
import { Lifeline } from "./lifeline";

/** A cloud whose settings are nobody's business here. */
export type AnyCloud = Cloud<{ readonly transport: HttpSettings }>;

/** The resources of every cloud in one process of Pulumi's dynamic provider, with all that they share. */
export class ProviderProcess {
  private readonly redactor = createRedactor();
  private readonly fronts = new Map<string, dynamic.ResourceProvider>();
  /** What was said once in this process and need not be said again. */
  private readonly said = new Set<string>();
  /** Lines that Pulumi's process prints of errors of ours, which the engine shows with the resource they belong to. */
  private readonly silenced = new Set<string>();
  private readonly connections: ReadonlyMap<AnyCloud, Connections>;
  private readonly log: EngineLog;
  private readonly lifeline = new Lifeline(async () => {
    await Promise.allSettled([...this.connections.values()].map((one) => one.close()));
  });

  /** @param engineAddress where the engine listens; `undefined` when there is none, as in tests */
  constructor(
    clouds: readonly AnyCloud[],
    private readonly engineAddress: string | undefined,
  ) {
    const host = {
      clock: systemClock,
      env: process.env,
      addSecrets: (values: readonly unknown[]) => {
        this.addSecrets(values);
      },
    };
    this.connections = new Map(clouds.map((cloud) => [cloud, new Connections(cloud, host)]));
    this.log = new EngineLog(engineAddress, (text) => this.redactor.redact(text));
  }

  /**
   * Ties this process to the engine that started it, where it did. Called once.
   *
   * @returns itself
   */
  watch(): this {
    if (this.engineAddress !== undefined) {
      this.lifeline.watch(this.engineAddress);
      this.filterErrors();
    }
    return this;
  }

  /**
   * The lifecycle of one kind of resource.
   *
   * @throws InputError when this release knows no such resource
   */
  resource(token: string): dynamic.ResourceProvider {
    const known = this.fronts.get(token);
    if (known !== undefined) {
      return known;
    }
    const { definition, connections } = this.find(token);
    const front = new DynamicFront(definition, {
      clock: systemClock,
      run: (operation) => this.lifeline.run(operation),
      signal: this.lifeline.signal,
      log: (urn) => this.log.forResource(urn),
      redact: (text) => this.redactor.redact(text),
      addSecrets: (values) => {
        this.addSecrets(values);
      },
      connect: (config) => connections.get(config),
      adviceOn: (connection) => connections.adviceOn(connection),
      ids: connections.ids,
      isNews: (message) => !this.said.has(message) && this.said.add(message).size > 0,
      silence: (line) => this.silenced.add(line),
    });
    this.fronts.set(token, front);
    return front;
  }

  private find(token: string): { definition: AnyDefinition; connections: Connections } {
    const known = [...this.connections].flatMap(([cloud, connections]) =>
      Object.values(cloud.definitions).map((definition) => ({ definition, connections })),
    );
    const found = known.find(({ definition }) => definition.token === token);
    if (found === undefined) {
      const tokens = known.map(({ definition }) => definition.token);
      throw new InputError(
        `This release of pulumi-dingtalk has no resource "${token}".${didYouMean(token, tokens)}`,
        { hint: "The stack was written by a newer release: update the package." },
      );
    }
    return found;
  }

  private addSecrets(values: readonly unknown[]): void {
    for (const value of values) {
      if (typeof value === "string") {
        this.redactor.add(value);
      }
    }
  }

  /** Leaves out what Pulumi's process prints of our errors besides the engine. */
  private filterErrors(): void {
    const { error: print } = console;
    // eslint-disable-next-line no-console -- what Pulumi's process prints of our errors goes through here; nothing of ours does
    console.error = (...words: unknown[]) => {
      const [line] = words;
      if (words.length > 1 || typeof line !== "string" || !this.silenced.delete(line)) {
        print(...words);
      }
    };
  }
}
