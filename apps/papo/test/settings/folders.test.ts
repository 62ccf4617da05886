// Goal: each system's customs are followed, and a home that cannot be one is not used.
// Method: the pure function, with homes and environments of each system. Paths are joined as on this one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { userFolders } from "../../src/settings/folders.ts";

test("XDG: the defaults under the home, and the variables where they are set", () => {
  assert.deepEqual(userFolders({ platform: "linux", env: {}, home: "/casa/gabi" }), {
    config: "/casa/gabi/.config/papo",
    profile: "/casa/gabi/.local/share/papo/profile",
    tracker: "/casa/gabi/.local/share/papo/tracker",
  });
  const env = { XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "/d" };
  assert.deepEqual(userFolders({ platform: "freebsd", env, home: "/casa/gabi" }), {
    config: "/c/papo",
    profile: "/d/papo/profile",
    tracker: "/d/papo/tracker",
  });
});

test("macOS and Windows", () => {
  const mac = userFolders({ platform: "darwin", env: {}, home: "/casa/gabi" });
  assert.equal(mac?.tracker, "/casa/gabi/Library/Application Support/papo/tracker");
  const windows = userFolders({ platform: "win32", env: { APPDATA: "/r", LOCALAPPDATA: "/l" }, home: "/u" });
  assert.deepEqual([windows?.config, windows?.profile], ["/r/papo/Config", "/l/papo/Data/profile"]);
});

test("S9: no home, or a relative one, is no place for files", () => {
  for (const home of ["", "relative", "."]) assert.equal(userFolders({ platform: "linux", env: {}, home }), undefined);
  const env = { XDG_DATA_HOME: "relative" };
  assert.equal(userFolders({ platform: "linux", env, home: "/casa/gabi" }), undefined);
});
