// Runs a source file as the command does: the `source` condition comes from hooks in this process, not from the command line.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

registerHooks({
  resolve(specifier, context, nextResolve) {
    return nextResolve(specifier, { ...context, conditions: [...(context.conditions ?? []), "source"] });
  },
});
await import(pathToFileURL(process.argv[2]).href);
