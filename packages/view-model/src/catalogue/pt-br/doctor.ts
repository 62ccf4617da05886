import { apartText, spaceText } from "../amounts.ts";
import type { DoctorTexts } from "../doctor-texts.ts";

const DIRECT_LINKS =
  "O Papo então abre conexões dos dois lados ao mesmo tempo, ou usa um relay. Para que sejam diretas, libere o papo no firewall deste computador e deixe o roteador abrir portas (UPnP ou NAT-PMP), ou redirecione uma.";
const NOT_A_TRACKER = "Confira o host e a porta do endereço.";

export const doctor: DoctorTexts = {
  title: "Um exame deste computador, do perfil e do tracker; leva até dez segundos.",
  subjects: {
    node: "Node.js",
    profile: "perfil",
    disk: "disco",
    secrecy: "disco criptografado",
    history: "histórico",
    name: "nome do tracker",
    connection: "conexão",
    tracker: "tracker",
    "round-trip": "velocidade",
    clock: "relógio",
    nat: "roteador",
    mapping: "portas do roteador",
    reach: "acessível",
    relay: "relay",
    mdns: "rede local",
    ipv6: "IPv6",
  },
  states: { ok: "ok", warning: "atenção", failed: "FALHOU", skipped: "-" },
  findings: {
    node_ok: ({ version }) => ({ says: `O Node.js ${version} roda o Papo.` }),
    node_old: ({ version, needed }) => ({
      says: `O Node.js ${version} é antigo demais: o Papo precisa do ${needed}.`,
      todo: "Instale um mais novo, de nodejs.org ou dos pacotes do sistema.",
    }),
    profile_ok: () => ({ says: "Só você pode ler." }),
    profile_new: () => ({ says: "Ainda não existe; o Papo o cria na primeira vez que abre." }),
    profile_open_to_others: () => ({
      says: "Outros usuários deste computador podem ler o perfil, por isso o Papo não o usa.",
      todo: "Tire essa permissão: chmod 700 na pasta do perfil.",
    }),
    profile_foreign_owner: () => ({
      says: "Pertence a outro usuário.",
      todo: "Passe a pasta para o seu usuário com chown, ou use outra: --profile PASTA.",
    }),
    profile_unusable: () => ({
      says: "Não dá para abrir, ou não é uma pasta.",
      todo: "Veja o que há nesse lugar, ou use outra pasta: --profile PASTA.",
    }),
    disk_ok: ({ freeMiB, writeMs }) => ({
      says:
        writeMs === null
          ? `${spaceText(freeMiB)} livres.`
          : `${spaceText(freeMiB)} livres; uma gravação pequena fica segura em ${writeMs} ms.`,
    }),
    disk_slow: ({ writeMs }) => ({
      says: `Uma gravação pequena leva ${writeMs} ms até ficar segura: enviar parece lento.`,
      todo: "Algo pode estar ocupando o disco, ou ele está com defeito; um perfil em disco de rede também é lento.",
    }),
    disk_little: ({ freeMiB }) => ({
      says: `Só ${spaceText(freeMiB)} livres.`,
      todo: "Libere espaço antes que acabe.",
    }),
    disk_full: ({ freeMiB }) => ({
      says: `Está cheio (${spaceText(freeMiB)} livres): nada do que se escreve pode ser guardado.`,
      todo: "Libere espaço. O que foi confirmado não se perdeu.",
    }),
    disk_read_only: () => ({
      says: "O disco está só para leitura: nada pode ser guardado.",
      todo: "Um disco que fica assim sozinho costuma estar com defeito; se não for isso, use outra pasta: --profile PASTA.",
    }),
    disk_forbidden: () => ({
      says: "O sistema não deixa você gravar ali.",
      todo: "Veja o dono e as permissões da pasta, ou use outra: --profile PASTA.",
    }),
    disk_failed: ({ code }) => ({
      says: `Uma gravação pequena falhou (${code}).`,
      todo: "Veja as mensagens do sistema: o disco pode estar com defeito.",
    }),
    secrecy_on: () => ({ says: "O disco do perfil é criptografado." }),
    secrecy_unknown: () => ({
      says: "Não dá para saber daqui. Quem puser a mão neste disco lê o que o Papo guarda, a menos que o sistema o criptografe.",
    }),
    history_ok: ({ files }) => ({ says: files === 1 ? "Está inteiro." : `Todos os ${files} estão inteiros.` }),
    history_large: () => ({ says: "Abre; é grande demais para ser lido por inteiro agora." }),
    history_none: () => ({ says: "Ainda não há nenhum." }),
    history_damaged: () => ({
      says: "Uma parte está danificada.",
      todo: "Abra o papo: ele separa o arquivo danificado, salva o que dá para ler e busca o resto com os outros.",
    }),
    history_newer: () => ({ says: "Foi gravado por um Papo mais novo.", todo: "Atualize este Papo." }),
    history_unreadable: () => ({
      says: "Não dá para abrir.",
      todo: "Veja o dono e as permissões dos arquivos do perfil.",
    }),
    name_literal: () => ({ says: "O endereço é um número; não há nome para procurar." }),
    name_found: () => ({ says: "É conhecido." }),
    name_unknown: () => ({
      says: "Ninguém conhece esse nome.",
      todo: "Confira como está escrito. Se para outras pessoas funciona, o problema é no seu servidor de nomes (DNS).",
    }),
    name_silent: () => ({
      says: "Nenhum servidor de nomes (DNS) responde.",
      todo: "Confira se este computador está na internet.",
    }),
    connection_ok: ({ tookMs }) => ({ says: `O tracker aceita conexões (${tookMs} ms).` }),
    connection_nobody_here: () => ({
      says: "Não há tracker neste computador agora. O papo hospeda um quando abre; --tracker ENDEREÇO examina outro.",
    }),
    connection_refused: () => ({
      says: "O computador está lá, mas nada escuta nessa porta.",
      todo: "Pergunte a quem cuida do tracker se ele está no ar, e confira a porta.",
    }),
    connection_silent: () => ({
      says: "Sem resposta: o computador está desligado, ou um firewall descarta a conexão.",
      todo: "Confira se este computador está na internet. Se estiver, pergunte a quem cuida do tracker; algumas redes só deixam passar páginas web.",
    }),
    connection_no_route: () => ({
      says: "Não há caminho deste computador até esse endereço.",
      todo: "Confira se ele está na internet. Um endereço IPv6 precisa de uma rede com IPv6.",
    }),
    connection_failed: () => ({
      says: "A conexão não dá certo.",
      todo: "Confira o endereço e se este computador está na internet.",
    }),
    tracker_known: ({ key, group }) => ({
      says: `Provou ter a chave já conhecida (${key.slice(0, 10)}…); criptografado com ${group}.`,
    }),
    tracker_new: ({ key, group }) => ({
      says: `Provou ter a chave ${key.slice(0, 10)}…, que ainda não era conhecida: compare-a com quem cuida dele. Criptografado com ${group}.`,
    }),
    tracker_changed: () => ({
      says: "A chave dele não é a já conhecida.",
      todo: "Alguém pode estar se passando por ele. Peça o endereço papo:// a quem cuida do tracker e use esse.",
    }),
    tracker_unproven: () => ({
      says: "Quem responde não provou ser um tracker do Papo.",
      todo: "Não use antes de perguntar a quem cuida dele.",
    }),
    tracker_other_program: ({ speaks }) => ({ says: STRANGERS[speaks], todo: NOT_A_TRACKER }),
    tracker_original: () => ({
      says: "É para ser um tracker original (seed://): lá nada é criptografado, e não há mais o que perguntar.",
    }),
    tracker_other_version: () => ({
      says: "Fala outra versão da linguagem.",
      todo: "Atualize o Papo; se não resolver, peça a quem cuida do tracker que o atualize.",
    }),
    tracker_silent: () => ({
      says: "Aceita a conexão e depois não responde.",
      todo: "Pode estar sobrecarregado, ou um firewall corta conexões criptografadas. Tente mais tarde.",
    }),
    tracker_busy: () => ({ says: "Está ocupado ou terminando.", todo: "Tente de novo daqui a pouco." }),
    round_trip_ok: ({ roundTripMs }) => ({ says: `Uma pergunta e a resposta levam ${roundTripMs} ms.` }),
    round_trip_slow: ({ roundTripMs }) => ({
      says: `Uma pergunta e a resposta levam ${roundTripMs} ms, o que é lento.`,
      todo: "A rede ou o tracker está ocupado. As mensagens não passam pelo tracker, então as conversas podem ser rápidas mesmo assim.",
    }),
    clock_ok: ({ aheadMs }) => ({ says: `Está certo pelo do tracker (diferença de ${apartText(aheadMs, "dias")}).` }),
    clock_off: ({ aheadMs }) => ({
      says: `Está ${apartText(aheadMs, "dias")} ${side(aheadMs)} em relação ao do tracker.`,
      todo: "Deixe o sistema acertar a hora sozinho: os outros veem uma hora errada no que você escreve.",
    }),
    clock_wrong: ({ aheadMs }) => ({
      says: `Está ${apartText(aheadMs, "dias")} ${side(aheadMs)} em relação ao do tracker: um dos dois está errado.`,
      todo: "Acerte a data e a hora, de preferência deixando o sistema fazer isso. Até lá, convites e mensagens dão errado.",
    }),
    nat_none: ({ seen }) => ({
      says: `Nenhum no caminho: de fora se vê este computador no próprio endereço dele (${seen}).`,
    }),
    nat_keeps_ports: ({ seen }) => ({
      says: `Há um no caminho (visto de fora: ${seen}) que mantém os números de porta, até onde um só tracker consegue mostrar. Conexões diretas com a maioria das pessoas funcionam.`,
    }),
    nat_changes_ports: ({ seen }) => ({
      says: `Há um no caminho (visto de fora: ${seen}) que muda os números de porta: a conexão só é direta com quem aceita conexões; com os outros, é por relay.`,
      todo: "Ajuda um roteador que abra portas (UPnP ou NAT-PMP), ou uma porta redirecionada. Em rede de celular, nada ajuda.",
    }),
    nat_changes_addresses: ({ seen }) => ({
      says: `De fora se vê este computador em endereços que mudam (um deles: ${seen}): a conexão só é direta com quem aceita conexões; com os outros, é por relay.`,
      todo: "Redes grandes e VPNs fazem isso; em outra rede melhora.",
    }),
    mapping_ok: ({ way }) => ({ says: `O roteador abriu uma por um instante quando se pediu (${WAYS[way]}).` }),
    mapping_behind_another: ({ way }) => ({
      says: `O roteador abre portas quando se pede (${WAYS[way]}), mas antes dele há outro, e por esse ninguém passa.`,
      todo: "Alguns provedores dão um endereço público a quem pede. IPv6 também ajuda; sem isso, usa-se um relay.",
    }),
    mapping_none: () => ({
      says: "Nenhum roteador abre portas quando se pede (UPnP, NAT-PMP ou PCP), ou não há roteador no caminho.",
    }),
    mapping_off: () => ({
      says: "Nada se pede ao roteador: isso está desligado (--no-port-mapping ou --hide-address).",
    }),
    reach_by_mapping: ({ seen }) => ({ says: `Sim: pela porta que o roteador abriu, em ${seen}.` }),
    reach_ok: ({ seen }) => ({ says: `Sim: o tracker conseguiu chegar a este computador em ${seen}.` }),
    reach_none: ({ seen }) => ({ says: `De fora, não: o tracker não teve resposta em ${seen}.`, todo: DIRECT_LINKS }),
    relay_ok: () => ({ says: "Existe, e dá para usar daqui." }),
    relay_off: () => ({
      says: "O tracker não oferece nenhum: onde não dá para ter conexão direta, não há conexão.",
      todo: "Quem cuida do tracker pode ligá-lo.",
    }),
    relay_blocked: () => ({
      says: "O tracker oferece um, mas daqui nada chega até ele.",
      todo: "Um firewall ou proxy no caminho deixa passar umas conexões e outras não.",
    }),
    mdns_ok: () => ({
      says: "O que o Papo anuncia se ouve nela: quem está lá é encontrado sem ninguém digitar endereço.",
    }),
    mdns_deaf: () => ({
      says: "O que o Papo anuncia não se ouve, nem por ele mesmo: sem tracker, ninguém de lá é encontrado.",
      todo: "Libere o papo no firewall deste computador: DNS multicast, porta UDP 5353.",
    }),
    mdns_forbidden: () => ({
      says: "O sistema não deixa nenhum programa escutar ali: sem tracker, ninguém de lá é encontrado.",
      todo: "Outro programa pode ter a porta UDP 5353 só para si.",
    }),
    mdns_no_network: () => ({ says: "Este computador não está em nenhuma agora." }),
    mdns_off: () => ({ says: "Nada se anuncia ali: isso está desligado (--no-lan ou --hide-address)." }),
    ipv6_ok: () => ({ says: "Este computador tem: com quem também tem, nenhum roteador troca endereços." }),
    ipv6_none: () => ({ says: "Esta rede não tem; o Papo passa sem." }),
    not_from_here: () => ({ says: "Não dá para ver a partir de um tracker neste mesmo computador." }),
    not_reached: () => ({ says: "Sem o tracker, não dá para examinar isto." }),
    no_answer: () => ({ says: "O tracker não respondeu a isso." }),
  },
  allWell: "Não há nada de errado.",
  outcome: (failed, warnings) =>
    [
      ...(failed === 0 ? [] : [failed === 1 ? "1 coisa não funciona" : `${failed} coisas não funcionam`]),
      ...(warnings === 0 ? [] : [warnings === 1 ? "1 poderia estar melhor" : `${warnings} poderiam estar melhores`]),
    ].join(", ") + ".",
  safeToShow:
    "Aqui não há nome, mensagem nem chave sua, e os endereços estão encurtados: pode mostrar isto a outras pessoas.",
};

const WAYS = { pcp: "PCP", "nat-pmp": "NAT-PMP", upnp: "UPnP" } as const;

const STRANGERS = {
  http: "Quem responde ali é um servidor web, não um tracker.",
  ssh: "Quem responde ali é um servidor SSH, não um tracker.",
  original: "Quem responde ali é um tracker original: o endereço dele precisa começar com seed://.",
  tls: "Quem responde ali é um serviço criptografado que não é um tracker.",
  unknown: "Quem responde ali é outro programa, não um tracker.",
} as const;

function side(aheadMs: number): string {
  return aheadMs > 0 ? "adiantado" : "atrasado";
}
