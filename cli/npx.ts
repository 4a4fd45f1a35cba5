import { execFileSync } from "node:child_process";

/** How often it is looked whether npx is still there. */
const LOOK_INTERVAL_MS = 500;

/**
 * Resolves when the npx that runs this command is gone. npx hands a signal on to the shell between the two only, which dies of it without a
 * word to its child, and a killed npx leaves both behind. Never resolves for a command that was started in another way. Ask early: whose
 * npx is gone already has another parent.
 */
export function endOfNpx(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const isRunByNpx =
    environment["npm_command"] === "exec" &&
    environment["npm_lifecycle_script"]?.includes("pulumi-dingtalk") === true;
  return new Promise((resolve) => {
    if (isRunByNpx) {
      watchParents(resolve);
    }
  });
}

function watchParents(end: () => void): void {
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
