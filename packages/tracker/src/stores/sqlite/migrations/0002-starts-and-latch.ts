/** Which start of each device was the last, and whether the latch of an account is off. */
export const startsAndLatch = `
ALTER TABLE user ADD COLUMN unlatched INTEGER NOT NULL DEFAULT 0 CHECK (unlatched IN (0, 1));
ALTER TABLE user ADD COLUMN unlatched_ms INTEGER;
ALTER TABLE user ADD COLUMN starts TEXT NOT NULL DEFAULT '[]';
`;
