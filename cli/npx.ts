import { execFileSync } from "node:child_process";

/** How often it is looked whether npx is still there. */
const LOOK_INTERVAL_MS = 500;

/**
 * Calls `end` once when the npx that runs this command is gone. npx hands a signal on to the shell between the two only, which dies of it
 * without a word to its child, and a killed npx leaves both behind. Does nothing for a command that was started in another way.
 */
export function onEndOfNpx(end: () => void, environment: NodeJS.ProcessEnv = process.env): void {
  const isRunByNpx =
    environment["npm_command"] === "exec" &&
    /pulumi-dingtalk/.test(environment["npm_lifecycle_script"] ?? "");
  if (!isRunByNpx) {
    return;
  }
  const parent = process.ppid;
  const npx = parentIfShell(parent) ?? parent;
  const timer = setInterval(() => {
    if (process.ppid !== parent || !isAlive(npx)) {
      clearInterval(timer);
      end();
    }
  }, LOOK_INTERVAL_MS);
  timer.unref();
}

/** The parent of a process that is a shell. Where it cannot be told, as on Windows, the process itself is all that is watched. */
function parentIfShell(pid: number): number | undefined {
  try {
    const row = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [, parent, command = ""] = /^\s*(\d+)\s+(.*)/.exec(row) ?? [];
    return parent !== undefined && /^\S*sh(?:\s|$)/.test(command) ? Number(parent) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
