/**
 * The human texts of the seed dialect: always the report's Portuguese, whatever the tracker's locale, because the original
 * programs show them as they come. docs/protocol/seed.md §4
 */
export const SEED_TEXTS = {
  registered: "Usuário registrado com sucesso.",
  loggedIn: "Login realizado com sucesso.",
  invalidCredentials: "Credenciais inválidas.",
  nameTaken: "Usuário já existe.",
  loginRequired: "Comando inválido. Faça login ou registre-se primeiro.",
  unsupportedCommand: "Comando não suportado.",
  missingParameters: "Parâmetros ausentes.",
  roomCreated: (room: string) => `Sala '${room}' criada com sucesso.`,
  roomExists: (room: string) => `A sala '${room}' já existe.`,
  roomMissing: (room: string) => `A sala '${room}' não existe.`,
  roomMissingOrFull: (room: string) => `A sala '${room}' não existe ou está cheia.`,
  joined: (user: string, room: string) => `Usuário '${user}' entrou na sala '${room}'.`,
  left: (user: string, room: string) => `Usuário '${user}' saiu da sala '${room}'.`,
  notInRoom: (user: string, room: string) => `Usuário '${user}' não está na sala '${room}'.`,
  roomDeleted: (room: string) => `Sala '${room}' deletada com sucesso.`,
  roomNotDeletable: (room: string) => `A sala '${room}' não existe ou não pode ser deletada.`,
  roomUpdated: (room: string) => `A configuração da sala '${room}' foi atualizada.`,
  // What the original has no text for, in its voice.
  badRequest: "Mensagem inválida.",
  busy: "Tracker ocupado. Tente novamente mais tarde.",
  roomLimit: "Limite de salas atingido.",
  slowDown: "Comandos demais. Aguarde um instante.",
  replaced: "Sua conta entrou em outro lugar.",
  storageFailed: "Erro interno do tracker. Tente novamente.",
} as const;
