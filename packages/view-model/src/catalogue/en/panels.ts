// What panels say: forms, lists and questions in front of a conversation. The names handed in are safe to show.

export const panels = {
  yes: "Yes",
  yesKey: "y",
  no: "No",
  noKey: "n",
};
