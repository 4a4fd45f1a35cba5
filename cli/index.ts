#!/usr/bin/env node
import { Command } from "commander";
import { emulatorCommand } from "./emulator";

const { version } = require("pulumi-dingtalk/package.json") as { version: string };

const program = new Command("pulumi-dingtalk")
  .description("Helpers around the Pulumi package pulumi-dingtalk.")
  .version(version)
  .showSuggestionAfterError()
  .addCommand(emulatorCommand());

// `… --switches | head` closes the pipe early, which is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
