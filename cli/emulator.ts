import { Command, InvalidArgumentError } from "commander";
import { CONTROL_PREFIX } from "../emulator/frame/control";
import { endOfNpx } from "./npx";
import { type Emulator, start, ZSTACK_SWITCHES, type ZStackSwitches } from "../emulator";

interface Options {
  port: number;
  host: string;
  account?: string;
  password?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  timezone?: string;
  serverVersion?: string;
  chinaPort: number;
  internationalPort: number;
  dingtalkPort: number;
  robotToken?: string;
  robotSecret?: string;
  switch: Partial<ZStackSwitches>;
}

/** `pulumi-dingtalk emulator`: emulated clouds to point programs at, until Ctrl-C. */
export function emulatorCommand(): Command {
  return new Command("emulator")
    .description(
      "Runs an emulated ZStack management node, Security Center and DingTalk on this machine, until Ctrl-C.",
    )
    .option("--port <number>", "port of ZStack; 0 takes a free one", port, 8080)
    .option("--china-port <number>", "port of Security Center's Chinese site; 0 takes a free one", port, 0)
    .option("--international-port <number>", "port of its international site; 0 takes a free one", port, 0)
    .option("--dingtalk-port <number>", "port of DingTalk; 0 takes a free one", port, 0)
    .option(
      "--robot-token <text>",
      "access token of the robot in DingTalk's one group (default: a random one)",
    )
    .option("--robot-secret <text>", "its signing secret, such as SEC… (default: none)")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--account <name>", "account that may log in (default: admin)")
    .option("--password <text>", "its password (default: Emulator-1)")
    .option("--access-key-id <id>", "id of its access key")
    .option("--access-key-secret <text>", "secret of its access key")
    .option("--timezone <zone>", "time zone of the management node, such as Asia/Shanghai")
    .option("--server-version <x.y.z>", "version that the server claims and behaves like")
    .option(
      "--switch <name=value>",
      "sets a quirk of ZStack; may be repeated, --switches lists them",
      toSwitch,
      {},
    )
    .option("--switches", "lists the switches and ends")
    .addHelpText(
      "after",
      "\nIt asks for no TLS and stores nothing: a restart begins empty, with other ids for robots.\nWhile it runs, its control address changes objects, switches, faults, clock and credentials: docs/emulator-reference.md.",
    )
    .action(async (options: Options & { switches?: boolean }) => {
      if (options.switches) {
        listSwitches();
      } else {
        await serve(options);
      }
    });
}

async function serve(options: Options): Promise<void> {
  const npxEnded = endOfNpx();
  const emulator = await open(options);
  const { zstack, securitycenter, dingtalk } = emulator;
  const [group] = dingtalk.groups.list().map(({ token }) => dingtalk.group(token));
  print(
    `Emulated ZStack ${zstack.switches.serverVersion} at ${emulator.url}`,
    "",
    `  account            ${zstack.accountName}`,
    `  password           ${zstack.accountPassword}`,
    `  access key id      ${zstack.accessKeyId}`,
    `  access key secret  ${zstack.accessKeySecret}`,
    `  control            ${emulator.url}${CONTROL_PREFIX}/  (objects, faults, switches, clock, journal)`,
    "",
    `Emulated Security Center: china at ${securitycenter.china.url}, international at ${securitycenter.international.url}`,
    "",
    `  access key id      ${securitycenter.accessKeyId}`,
    `  access key secret  ${securitycenter.accessKeySecret}`,
    "",
    `Emulated DingTalk at ${dingtalk.url}`,
    "",
    `  webhook            ${group?.webhook ?? ""}`,
    `  the same, local    ${group?.localWebhook ?? ""}`,
    `  messages           ${dingtalk.url}${CONTROL_PREFIX}/dingtalk/objects/messages`,
    "",
    "For your program:",
    "",
    `  export ZSTACK_ENDPOINT=${emulator.url}`,
    `  export ZSTACK_ACCOUNT_NAME=${quoted(zstack.accountName)} ZSTACK_ACCOUNT_PASSWORD=${quoted(zstack.accountPassword)}`,
    `  export ALIBABA_CLOUD_ACCESS_KEY_ID=${securitycenter.accessKeyId} ALIBABA_CLOUD_ACCESS_KEY_SECRET=${securitycenter.accessKeySecret}`,
    `  pulumi config set securitycenter:site china && pulumi config set securitycenter:endpoint ${securitycenter.china.url}`,
    "",
    "Ctrl-C ends it.",
  );
  await Promise.race([ended(), npxEnded]);
  await emulator.close();
}

async function open(options: Options): Promise<Emulator> {
  try {
    return await start({
      port: options.port,
      host: options.host,
      securitycenter: {
        china: { port: options.chinaPort },
        international: { port: options.internationalPort },
      },
      dingtalk: {
        port: options.dingtalkPort,
        groups: [
          {
            name: "ops",
            ...(options.robotToken !== undefined && { token: options.robotToken }),
            ...(options.robotSecret !== undefined && { secret: options.robotSecret }),
          },
        ],
      },
      zstack: {
        ...options.switch,
        ...(options.account !== undefined && { accountName: options.account }),
        ...(options.password !== undefined && { accountPassword: options.password }),
        ...(options.accessKeyId !== undefined && { accessKeyId: options.accessKeyId }),
        ...(options.accessKeySecret !== undefined && { accessKeySecret: options.accessKeySecret }),
        ...(options.timezone !== undefined && { timezone: options.timezone }),
        ...(options.serverVersion !== undefined && { serverVersion: options.serverVersion }),
      },
    });
  } catch (error) {
    throw new Error(`The emulator does not start: ${reason(error, options)}`, { cause: error });
  }
}

function reason(error: unknown, { host, port }: Options): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return `port ${port} of ${host} is taken. Choose another with --port, or 0 for any free one.`;
    case "EACCES":
      return `port ${port} may not be opened by this user. Choose one above 1023 with --port.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine (--host).`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function listSwitches(): void {
  for (const [name, row] of Object.entries(ZSTACK_SWITCHES)) {
    const values =
      typeof row.values === "string"
        ? row.values
        : row.values.map((value) => JSON.stringify(value)).join(" | ");
    print(`${name} = ${JSON.stringify(row.default)}`, `    ${row.meaning}`, `    ${values}`);
  }
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65535) {
    return number;
  }
  throw new InvalidArgumentError("a port is a number from 0 to 65535.");
}

function toSwitch(text: string, before: Partial<ZStackSwitches>): Partial<ZStackSwitches> {
  const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("write it as name=value.");
  }
  if (!Object.hasOwn(ZSTACK_SWITCHES, name)) {
    throw new InvalidArgumentError(`there is no switch ${name}; --switches lists them.`);
  }
  return { ...before, [name]: parsed(value) };
}

/** JSON where it is JSON (`true`, `3`, `["a"]`), else the text itself. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return value;
    }
    throw error;
  }
}

function quoted(text: string): string {
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
