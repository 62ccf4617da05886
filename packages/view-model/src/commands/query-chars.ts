/** Characters of a search among rooms or people, as the tracker takes it. */
export const QUERY_CHARS_MAX = 64;
