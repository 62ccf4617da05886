import type { FaultTexts } from "../text-shapes.ts";

const OTHER_PROGRAM =
  "O outro programa pode estar com defeito ou em outra versão; atualizar o Papo dos dois lados pode ajudar.";

export const faults: FaultTexts = {
  // what arrived is not the language
  frame_too_large: { happened: "Chegou uma mensagem maior do que o protocolo permite.", advice: OTHER_PROGRAM },
  not_json: { happened: "Chegou algo que não é uma mensagem.", advice: OTHER_PROGRAM },
  json_too_deep: { happened: "Chegou uma mensagem com níveis demais.", advice: OTHER_PROGRAM },
  duplicate_key: { happened: "Chegou uma mensagem que diz a mesma coisa duas vezes.", advice: OTHER_PROGRAM },
  forbidden_key: { happened: "Chegou uma mensagem com um campo proibido.", advice: OTHER_PROGRAM },
  bad_text: {
    happened: "O texto não é Unicode válido ou é longo demais.",
    advice: "Encurte o texto ou tire os caracteres incomuns.",
  },
  invalid_message: { happened: "Chegou uma mensagem fora do formato esperado.", advice: OTHER_PROGRAM },
  unknown_command: { happened: "O outro programa não conhece esse comando.", advice: OTHER_PROGRAM },
  unsupported: {
    happened: "O outro programa não sabe fazer isso.",
    advice: "Talvez seja uma versão mais antiga ou um programa original.",
  },
  timeout: { happened: "A resposta demorou demais.", advice: "Tente de novo daqui a pouco." },
  // accounts
  login_required: { happened: "Você não fez login.", advice: "Faça login ou registre-se primeiro." },
  already_logged_in: { happened: "Você já fez login.", advice: "Saia primeiro." },
  invalid_credentials: { happened: "Credenciais inválidas.", advice: "Confira o usuário e a senha." },
  name_taken: {
    happened: "Usuário já existe.",
    advice: "Se a conta é sua, faça login. Senão, escolha outro nome; um quase igual também é recusado.",
  },
  name_not_allowed: {
    happened: "Esse nome de usuário não é permitido.",
    advice: "Use de 1 a 32 letras de um só alfabeto ou dígitos, sem espaços; _ - . só no meio.",
  },
  identity_required: {
    happened: "Esta conta tem uma chave que não está neste dispositivo.",
    advice: "Só a senha não basta para adicionar um dispositivo a ela.",
  },
  identity_weak: {
    happened: "Esta senha já trafegou sem criptografia e por isso não pode mudar a chave da conta.",
    advice: "Use um dispositivo que já tenha a conta.",
  },
  statement_invalid: {
    happened: "A lista de dispositivos da conta não está assinada corretamente.",
    advice: "Não confie neste contato antes de conferir por outro meio.",
  },
  statement_stale: {
    happened: "Existe uma lista mais nova dos dispositivos desta conta.",
    advice: "Tente de novo: a mais nova é buscada antes.",
  },
  // rooms
  room_exists: { happened: "Já existe uma sala com esse nome.", advice: "Escolha outro nome ou entre nela." },
  room_missing: {
    happened: "Essa sala não existe.",
    advice: "Veja a lista de salas; maiúsculas e minúsculas contam.",
  },
  room_full: { happened: "A sala está cheia.", advice: "Tente de novo quando alguém sair." },
  room_name_not_allowed: {
    happened: "Esse nome de sala não é permitido.",
    advice: "Use de 1 a 64 caracteres visíveis.",
  },
  room_kind_refused: {
    happened: "Esse tipo de sala não é possível aqui.",
    advice: "Salas sem criptografia precisam de --allow-plaintext; um tracker original não tem outras.",
  },
  not_member: { happened: "Você não está nesta sala.", advice: "Entre nela primeiro." },
  not_owner: { happened: "Só quem criou a sala pode fazer isso.", advice: "Peça a quem a criou." },
  limit_reached: {
    happened: "Um limite foi atingido.",
    advice: "Saia de uma sala, ou delete alguma que não use mais.",
  },
  // peers
  peer_missing: {
    happened: "Esse usuário não existe.",
    advice: "Veja a lista de peers; maiúsculas e minúsculas contam.",
  },
  peer_offline: { happened: "Não há ninguém online do outro lado.", advice: "Tente de novo quando alguém voltar." },
  wrong_recipient: {
    happened: "Outra pessoa respondeu naquele endereço.",
    advice: "Nada foi revelado a ela; o endereço certo será procurado de novo.",
  },
  identity_changed: {
    happened: "A chave deste contato mudou.",
    advice: "Nada é enviado até você decidir: /aceitar NOME ou /bloquear NOME.",
  },
  plaintext_refused: {
    happened: "O outro programa não usa criptografia.",
    advice: "Inicie o papo com --allow-plaintext se quiser conversar mesmo assim.",
  },
  unreachable: {
    happened: "Não foi possível fazer uma conexão direta.",
    advice: "Pode haver um firewall ou roteador no caminho; o Papo continua tentando.",
  },
  // the connection
  replaced: {
    happened: "Sua conta entrou em outro lugar com este mesmo dispositivo.",
    advice: "Feche um dos dois e faça login aqui de novo.",
  },
  slow_down: { happened: "Comandos demais de uma vez.", advice: "Aguarde um instante." },
  busy: { happened: "O tracker está ocupado.", advice: "Tente de novo daqui a pouco." },
  draining: { happened: "O tracker está sendo desligado.", advice: "O Papo se reconecta sozinho." },
  idle: { happened: "A conexão foi fechada porque nada foi dito nela.", advice: "Tente de novo." },
  dead: { happened: "O outro lado parou de responder.", advice: "O Papo se reconecta sozinho." },
  too_slow: { happened: "A conexão era lenta demais para acompanhar.", advice: "O Papo se reconecta sozinho." },
  lost: { happened: "A conexão caiu.", advice: "O Papo se reconecta sozinho." },
  closed: { happened: "O outro lado fechou a conexão.", advice: "Tente de novo." },
  tracker_unreachable: {
    happened: "O tracker não responde.",
    advice: "Confira o endereço e a rede.",
  },
  tracker_key_changed: {
    happened: "A chave do tracker não é a que se conhecia.",
    advice: "Alguém pode estar se passando por ele. Peça a quem o mantém o endereço papo:// e use esse.",
  },
  storage_failed: {
    happened: "Não foi possível gravar no disco.",
    advice: "Confira o espaço livre e as permissões; nada do que foi confirmado se perdeu.",
  },
  profile_copied: {
    happened: "Este perfil também foi iniciado a partir de uma cópia.",
    advice: "O Papo dá chaves novas a este aparelho; nada do que foi enviado se perde.",
  },
  room_read_only: {
    happened: "Esta sala usa algo que este Papo ainda não conhece.",
    advice: "Atualize o Papo; até lá dá para ler.",
  },
  room_closed: {
    happened: "Esta sala foi encerrada.",
    advice: "O que foi dito continua aqui para ler; /esquecer apaga.",
  },
  removed: { happened: "Você foi removido desta sala.", advice: "Peça a um moderador ou a quem a criou para voltar." },
  not_allowed: { happened: "Seu papel nesta sala não permite isso.", advice: "Peça a quem a criou ou a um moderador." },
  message_missing: { happened: "Essa mensagem não está guardada aqui.", advice: "Procure de novo com /historico." },
  invite_invalid: {
    happened: "Este convite não vale: venceu, já foi usado ou foi cancelado.",
    advice: "Peça um novo.",
  },
  not_accepted: {
    happened: "Seu pedido de contato ainda não foi aceito.",
    advice: "O que você escreveu espera aqui, mesmo depois de reiniciar, e sai quando for.",
  },
  words_invalid: { happened: "Essas não são as 24 palavras de uma conta.", advice: "Confira a grafia e a ordem." },
  backup_unreadable: {
    happened: "Não foi possível abrir a cópia de segurança: a senha está errada ou o arquivo está danificado.",
    advice: "Tente a senha de novo, ou outra cópia do arquivo.",
  },
};
