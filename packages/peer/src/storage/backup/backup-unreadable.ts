/**
 * Thrown while a backup is read, and caught before anybody else sees it: a wrong passphrase, a byte that was flipped, cut off, moved or added are one and the
 * same, and nobody can say which.
 */
export class BackupUnreadable extends Error {
  constructor() {
    super("the backup cannot be opened");
    this.name = "BackupUnreadable";
  }
}
