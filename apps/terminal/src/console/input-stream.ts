import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** `process.stdin`, or a stream that stands in for it. */
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

export type InputListener = { readonly text: (text: string) => void; readonly end: () => void };

/** Characters from a stream of bytes, whatever the cuts. Returns the way to stop, which leaves the stream paused. */
export function readText(stream: InputStream, listener: InputListener): () => void {
  const decoder = new StringDecoder("utf8");
  const onData = (chunk: Buffer | string) => listener.text(typeof chunk === "string" ? chunk : decoder.write(chunk));
  const onEnd = () => listener.end();
  stream.on("data", onData);
  stream.on("end", onEnd);
  stream.on("close", onEnd);
  stream.on("error", onEnd);
  return () => {
    stream.off("data", onData);
    stream.off("end", onEnd);
    stream.off("close", onEnd);
    stream.pause();
  };
}

export function setRaw(stream: InputStream, raw: boolean): void {
  try {
    stream.setRawMode?.(raw);
  } catch {
    // The terminal is gone: there is no mode left to set.
  }
}
