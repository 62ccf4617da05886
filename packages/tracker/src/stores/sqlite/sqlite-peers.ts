import type { Username } from "@papo/protocol";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredPeer } from "../../repositories/peer-repository.ts";
import type { PeerTable } from "../tables.ts";

type PeerRow = {
  readonly username: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly last_ping: string | null;
  readonly connected: number;
};

/** The only file that names the `peer` table outside of migrations. */
export class SqlitePeers implements PeerTable {
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #page: StatementSync;
  readonly #disconnectAll: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO peer (username, address, port, last_ping, connected)
      VALUES (:username, :address, :port, :last_ping, :connected)`);
    this.#find = db.prepare("SELECT * FROM peer WHERE username = ?");
    this.#page = db.prepare("SELECT * FROM peer WHERE username > ? ORDER BY username LIMIT ?");
    this.#disconnectAll = db.prepare("UPDATE peer SET connected = 0 WHERE connected = 1");
  }

  save({ username, address, port, lastPing, connected }: StoredPeer): void {
    this.#put.run({ username, address, port, last_ping: lastPing, connected: connected ? 1 : 0 });
  }

  find(username: Username): StoredPeer | undefined {
    const row = this.#find.get(username) as PeerRow | undefined;
    return row === undefined ? undefined : peerOfRow(row);
  }

  page(after: Username | undefined, limit: number): readonly StoredPeer[] {
    const rows = this.#page.all(after ?? "", limit) as unknown as readonly PeerRow[];
    return rows.map(peerOfRow);
  }

  disconnectAll(): void {
    this.#disconnectAll.run();
  }
}

function peerOfRow(row: PeerRow): StoredPeer {
  return {
    username: row.username as Username,
    address: row.address,
    port: row.port,
    lastPing: row.last_ping,
    connected: row.connected === 1,
  };
}
