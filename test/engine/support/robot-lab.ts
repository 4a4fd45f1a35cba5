/**
 * A project on the real engine beside an emulated Security Center, as `lab.ts` is for ZStack. Programs are put together from `robot(…)`
 * lines; what they did is then asked of the emulator, never of the provider.
 */
import type { Emulator, EmulatorOptions, JournalEntry, Robot } from "../../../emulator";
import { start } from "../../../emulator";
import {
  createEngineProject,
  type EngineProject,
  type EngineProjectOptions,
  type EngineResult,
  type StackConfig,
} from "../harness";
import { program, WEBHOOK } from "./lab";

export const ACCESS_KEY_SECRET = "canaryAccessKeySecret012345678";
/** The asset groups that the emulator starts with. */
export const [GROUP_A, GROUP_B] = ["10417151", "10417152"] as const;

type SiteName = "china" | "international";

export interface RobotLabOptions extends Partial<Omit<EngineProjectOptions, "config">> {
  emulator?: EmulatorOptions;
  /** On top of site and endpoint; `undefined` leaves one of them out. */
  config?: Record<string, StackConfig[string] | undefined>;
}

/** What a robot of the emulator looks like, in the words of a program. Lists are sorted. */
export interface RobotView {
  name: string;
  webhookUrl: string;
  language: string;
  notificationInterval: number;
  assetGroupIds: string[];
  /** Kind → key → values. */
  alertRules: Record<string, Record<string, string[]>>;
  enabled: boolean;
}

export class RobotLab {
  private constructor(
    readonly emulator: Emulator,
    readonly project: EngineProject,
  ) {}

  /** The stack is connected to the site for China unless the options say otherwise. */
  static async create(options: RobotLabOptions = {}): Promise<RobotLab> {
    const { emulator: emulatorOptions, env, config, ...rest } = options;
    const emulator = await startSecurityCenter(emulatorOptions);
    try {
      const settings = {
        "securitycenter:site": "china",
        "securitycenter:endpoint": emulator.securitycenter.china.url,
        ...config,
      };
      const given = Object.entries(settings).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      );
      const project = await createEngineProject({
        program: "",
        ...rest,
        config: Object.fromEntries(given),
        env: { ...keysOf(emulator), ...env },
      });
      return new RobotLab(emulator, project);
    } catch (error) {
      await emulator.close();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    await this.project.dispose();
    await this.emulator.close();
  }

  /** The site that the stack is connected to. */
  get site(): Emulator["securitycenter"]["china"] {
    return this.emulator.securitycenter.china;
  }

  /** Makes these statements the program. */
  declare(...statements: string[]): void {
    this.project.writeProgram(program(...statements));
  }

  /** Declares, forgets the journal and runs `pulumi up`. */
  async up(statements: string[], ...rest: Parameters<EngineProject["up"]>): Promise<EngineResult> {
    this.declare(...statements);
    this.emulator.journal.clear();
    return this.project.up(...rest);
  }

  /** Ids of the robots on the server. */
  get ids(): string[] {
    return this.site.robots.list().map(({ id }) => String(id));
  }

  get names(): string[] {
    return namesOf(this.emulator);
  }

  /** A robot as the server has it. */
  view(id: string): RobotView {
    return viewOf(this.emulator, id);
  }

  /** The changing calls since the journal was cleared: `create`, `update`, `status`, `delete`. */
  get changes(): string[] {
    return changesAt(this.emulator);
  }

  /** Those of them that name one robot; a create names none. */
  changesOf(id: string): string[] {
    return this.emulator.journal
      .changing()
      .filter(({ query }) => query["Id"]?.[0] === id || query["Ids"]?.[0] === id)
      .map(verbOf);
  }

  /** Adds a robot that is there before the program runs. */
  existing(name: string, more: Partial<Robot> = {}): string {
    return String(this.site.robots.add({ actionName: name, url: WEBHOOK, configList: HIGH, ...more }).id);
  }

  /** What the stack holds of its resources, secrets in clear, to compare. */
  async recorded(): Promise<object[]> {
    const all = await this.project.resources({ showSecrets: true });
    return all.map(({ urn, id, inputs, outputs, initErrors }) => ({ urn, id, inputs, outputs, initErrors }));
  }
}

export function startSecurityCenter(options: EmulatorOptions = {}): Promise<Emulator> {
  return start({
    ...options,
    securitycenter: { accessKeySecret: ACCESS_KEY_SECRET, ...options.securitycenter },
  });
}

/** The environment with the keys of an emulator. */
export function keysOf({ securitycenter }: Emulator): Record<string, string> {
  return {
    ALIBABA_CLOUD_ACCESS_KEY_ID: securitycenter.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: securitycenter.accessKeySecret,
  };
}

/** A statement that declares an explicit provider for a site of an emulator. */
export function provider(
  name: string,
  { securitycenter }: Emulator,
  more: object = {},
  site: SiteName = "china",
): string {
  const settings = {
    site,
    endpoint: securitycenter[site].url,
    accessKey: securitycenter.accessKeyId,
    secretKey: securitycenter.accessKeySecret,
    ...more,
  };
  return `const ${name} = new Provider(${JSON.stringify(name)}, { securitycenter: ${JSON.stringify(settings)} });`;
}

/** The alert rule that every robot of these tests has unless told otherwise. */
export const HIGH_RISK = { type: "hc", conditions: { item_level: ["high"] } };
const HIGH = [
  {
    type: "sas_analysis_online-sas-operation-log-sas-event-hc",
    configItemList: [{ key: "item_level", valueList: ["high"] }],
  },
];

/** A statement that declares a robot. `opts` is the text of its resource options. */
export function robot(name: string, args: object = {}, opts = "{}"): string {
  const given = JSON.stringify({ webhookUrl: WEBHOOK, alertRules: [HIGH_RISK], ...args });
  return `const ${name} = new securitycenter.DingTalkRobot(${JSON.stringify(name)}, ${given}, ${opts});`;
}

export function namesOf({ securitycenter }: Emulator, site: SiteName = "china"): string[] {
  return securitycenter[site].robots
    .list()
    .map(({ actionName }) => actionName)
    .sort();
}

export function viewOf({ securitycenter }: Emulator, id: string, site: SiteName = "china"): RobotView {
  const row = securitycenter[site].robots.get(id);
  if (row === undefined) {
    throw new Error(`no robot ${id} on the server`);
  }
  const rules = (row.configList ?? []).map(({ type, configItemList }) => {
    const conditions = configItemList.map(({ key, valueList }) => [key, [...valueList].sort()] as const);
    return [type.replace(/^.*sas-event-/, ""), Object.fromEntries(conditions)] as const;
  });
  return {
    name: row.actionName,
    webhookUrl: row.url,
    language: row.dingTalkLang,
    notificationInterval: row.intervalTime,
    assetGroupIds: [...(row.groupIdList ?? [])].sort(),
    alertRules: Object.fromEntries(rules),
    enabled: row.status === 1,
  };
}

/** The changing calls that an emulator noted: `create`, `update`, `status`, `delete`. */
export function changesAt({ journal }: Emulator): string[] {
  return journal.changing().map(verbOf);
}

function verbOf({ operation, query }: JournalEntry): string {
  if (operation === "CreateOrUpdateDingTalk") {
    return query["Id"] === undefined ? "create" : "update";
  }
  if (operation === "ModifyDingTalkStatus") {
    return "status";
  }
  return operation === "DeleteDingTalk" ? "delete" : (operation ?? "?");
}
