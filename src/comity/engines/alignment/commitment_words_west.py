"""Words of goals, actions, dates, indicators and owners in English, French, Spanish and Portuguese: data, one pattern a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_BARE_YEAR = r"(?:19|20)\d\d(?!\d)"
"""A year in an alternative of a pattern that already names one: a name may stand once in a pattern."""
_EN_MONTH = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
_EN_COUNT = r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen)"
_EN_UNIT = r"(?P<unit>days?|weeks?|months?|years?)"
_EN_POINT = (
    r"(?:the )?(?:(?:end|middle|start|beginning|close) of |mid-|early |late )?(?:the year )?(?:fiscal year |FY ?)?"
    rf"(?:Q(?P<quarter>[1-4]) (?:of )?|(?:(?P<day>\d{{1,2}}) )?{_EN_MONTH} )?{_YEAR}(?:[/–-]\d\d(?:\d\d)?)?"
)
_EN_BODY = (
    r"(?:[Gg]overnments?|[Mm]inistry|[Mm]inistries|[Mm]inister|[Aa]gency|[Aa]gencies|[Oo]ffice|[Rr]egulators?|[Cc]ommission|[Cc]ouncil|[Dd]epartments?"
    r"|[Bb]ureau|[Aa]uthority|[Aa]uthorities|[Ii]nstitute|(?<!data )[Cc]entres?|(?<!data )[Cc]enters?|[Oo]bservatory|[Cc]abinet|[Bb]oard|[Cc]ommittee|[Ss]ecretariat"
    r"|[Uu]niversity|[Uu]niversities|[Ff]orum|[Pp]arliament|[Tt]ask force|[Tt]askforce|[Mm]ember states|[Uu]nit|[Bb]ank|[Dd]irectorate)"
)
_EN_NAME = rf"(?:(?:The|the|An?|an?) )?(?:(?!(?:and|or|The|Each|Every|in|of|with|by|to|for|that|which|from) )[\w&’'-]+ ){{0,3}}?{_EN_BODY}(?: (?:of|for) (?:the )?(?:[A-Z][\w&-]*|excellence)(?:,? (?:and |of |of the )?[A-Z][\w&-]*)*)?"
_EN_DOES = r"(?:shall|will|should|must|is to|are to|may)(?! (?:be (?!ready)|receive|gain|have |get ))"
_FR_MONTH = r"(?P<month>janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_ES_MONTH = r"(?P<month>enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
_PT_MONTH = r"(?P<month>janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)"
_ROMANCE_POINT = rf"(?:(?:(?P<day>\d{{1,2}})(?:er|º|°)? (?:de )?)?MONTH (?:del? )?)?{_YEAR}"
_NUMBER = r"\d(?:[\d.,\u00a0\u202f ]{0,15}\d)?"


def _point(month: str) -> str:
    return _ROMANCE_POINT.replace("MONTH", month)


WEST: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    "en": {
        "never": r"\bmeans (?:an?|any|the)\b|\bis defined as\b|^(?:Adopted|Approved|Published|Founded) (?:in|on)\b|^Approves\b|\bhas (?:grown|risen|fallen)\b"
        r"|^(?:(?:AI|Artificial intelligence|Algorithms|Models)(?: systems?| models?)?|(?:Design|Systems|A system of|Management|Those who)(?: [\w ]{0,40}?)?) (?:should|must|is|are|shall)\b",
        "goal": r"\b(?:aims?|seeks?|vision|envisions?|envisages?|goal|objective|aspires?|ambition|strives?|hopes|sees \w+ in)\b|per cent of [^.]{0,60} (?:are|is) \w+|^Make the country\b|\b(?:reach|cover|attain)(?:es)? \d[\d.,]{0,15} ?(?:%|per ?cent)",
        "action": r"\b(?:shall|will|(?:is|are) (?:to|meant to)|should|may|could)\b|\b(?:must),? (?:by|within)\b"
        r"|\b(?:Responsible|Lead|Owner|Lead agency|Implementing agency|Deadline|Due)(?: \w+)?:"
        r"|(?:^|[.;:] )(?:Set up|Create|Establish|Develop|Train|Design|Build|Launch|Publish|Draft|Adopt|Invest|Fund|Promote|Strengthen|Support|Expand|Introduce|Provide|Review"
        r"|Revise|Conduct|Carry out|Organi[sz]e|Open|Integrate|Implement|Encourage|Foster|Improve|Increase|Ensure|Define|Form|Make|Offer|Run|Use|Join|Enact|Pass|Amend|Update"
        r"|Map|Identify|Prepare|Set|Start|Begin|Give|Put|Help|Attract|Facilitate|Enhance|Deploy|Allocate|Convene|Host|Negotiate|Sign|Pilot|Upgrade|Work|Study|Widen|Apply|Collect|Reduce|Raise|Test|Teach|Protect|Maintain|Extend|Simplify|Modernise|Modernize|Digiti[sz]e|Translate|Appoint|Name|Move|Add|Continue|Complete|Consult|Align|Harmoni[sz]e|Assess|Monitor)\b"
        r"|(?:^|[.;] )(?:Provides for|Asks|Calls? (?:for|on)|Recommends|Proposes|Urges|Requests|Requires|Tasks|Suggests|Plans|Wants|Commits)\b|\b(?:It is|is|are) (?:proposed|planned|foreseen|funded|financed) (?:that|to|through|until|by|for|over)\b|\b(?:is|are) (?:required|due|recommended|suggested)\b"
        r"|^A \w+ of [\w ]* is to\b|\byear is for\b",
        "dates": (
            rf"\bfor (?:a period of )?{_EN_COUNT} {_EN_UNIT} (?:from|starting|beginning)(?: in)? {_EN_POINT}",
            rf"\bin the (?:first|second|third|fourth) (?:quarter|half) of {_YEAR}|\b(?:through|up) to {_BARE_YEAR}",
            r"\bby the (?:end|close) of (?:the|this) (?:decade|century|term|year)",
            rf"\b(?:by|until|before|not? later than|not later than|up to|from|starting|as of|in|during|over|after|through) {_EN_POINT}",
            rf"\bbetween {_YEAR} and 20\d\d",
            rf"\bfrom {_YEAR} (?:to|until|through) 20\d\d",
            rf"\bover {_YEAR}[-–]20\d\d",
            rf"\b(?:within|in|over)(?: the (?:next|coming|first))? {_EN_COUNT} {_EN_UNIT}\b(?: (?:of|after|from|following) [^.,;]{{3,60}})?",
            r"\b(?:within|in|during) the first (?:year|two years)\b|^The (?:first|second|third|fourth|fifth) year(?= is\b)",
            rf"(?<!every )\b{_EN_COUNT} {_EN_UNIT} (?:after|from) [^.,;]{{3,60}}",
            rf"\b(?:Deadline|Due|Due date|Timeline|Timeframe|Target date): ?(?P<said>{_EN_POINT})",
        ),
        "indicators": (
            r"\bfrom \d[\d.,]{0,15}(?: ?%| per ?cent)? to \d[\d.,]{0,15} ?(?:%|per ?cent|[a-z]+)",
            r"(?:\b(?:at least|more than|over|up to|at most|about|around|some|nearly|close to|no fewer than) )?\b\d[\d.,]{0,15} ?(?:%|per ?cent\b|percentage points)",
            r"(?:\b(?:at least|up to|about) )?\b(?:two|three|four|five|six|ten|twenty|hundred)-?fold\b|\b(?:doubl|tripl|halv)(?:e|ing) the (?:number|share|amount) of [a-z]+",
            r"(?:\b(?:at least|up to|about|around) )?(?:US\$|USD|EUR|GBP|\$|€|£) ?\d[\d.,]{0,15}(?: (?:thousand|million|billion))?\b|\b\d[\d.,]{0,15} (?:million|billion) (?:[A-Z]{2,3} )?(?:francs|rupees|dollars|euros|pounds|shillings)",
            r"(?:\b(?:at least|more than|over|up to|about|around|some|nearly|close to|no fewer than) )?\b(?:\d(?:[\d.,]{0,15}\d)?(?: thousand| million| billion)?|a million|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
            r" (?!(?:months?|years?|days?|weeks?|hours?|quarters?|articles?|pillars?|sections?|chapters?|principles?|phases?|stages?|levels?|steps?|areas?|times)\b)"
            r"(?:(?!(?:and|or|of|to|in|on|for|with|the|by|per)\b)[a-zA-Z-]+ ){0,2}?(?!(?:months|years|days|weeks|hours|articles|pillars|sections|principles|phases|stages|levels|steps|areas|times|as|is|has)\b)(?:[a-z-]{3,}s|people|women|staff|children|men)\b",
        ),
        "owners": (
            rf"\b(?:[Cc]oordinated|[Ll]ed|[Rr]un|[Ss]teered|launched|created|developed|published|managed|implemented|established|set up|carried out) by (?P<said>{_EN_NAME}|the [A-Z]\w+ of [A-Z]\w+)",
            rf"\bproposed that (?P<said>{_EN_NAME})",
            r"\b(?:Responsible|Lead|Owner|Lead agency|Lead ministry|Responsible body|Implementing agency|Led by):? (?P<said>(?<=: )[^.;\n|]{2,80})",
            rf"(?:^|[.;,] |\band |(?<=[\w)] )(?=(?:The|Each|Every) ))(?P<said>{_EN_NAME})(?= (?:and (?:the|an?) [\w ]{{3,60}} )?(?:chaired by [^,.]{{3,40}})?(?:, with [^.;]{{3,90}}, )?{_EN_DOES}| chaired by [^.;]{{3,110}}, is to)",
            rf"(?:\b[Aa]sks|\b[Cc]alls on|\b[Uu]rges|\b[Rr]equests|\b[Tt]asks|\b[Ii]nvites) (?P<said>{_EN_NAME})",
            r"(?:^|, )(?P<said>[A-Z][a-z]+)(?<!Campaigns)(?<!Forums)(?= (?:is to|will|shall) (?:apply|join|take part|set up|host|lead|build|seek|create|sign|work))",
        ),
        "owner column": r"responsib\w*(?: \w+)?|lead(?: \w+)?|owner|implement(?:er|ing \w+)|institution",
        "date column": r"deadline|due(?: date)?|time(?:line|frame| frame|scale)|by when|date",
        "indicator column": r"indicators?|targets?|kpis?|key performance indicators?|measure of success",
    },
    "fr": {
        "never": r"\bon entend par\b|\bs'entend\b|\badoptée? en (?:19|20)\d\d|\bdepuis (?:19|20)\d\d|\bsoulève\b|\bdoi(?:t|vent) respecter\b",
        "goal": r"\b(?:vise(?:nt)?|objectif|ambition|vision|but est|aspire)\b|%[^.]{0,60}\b(?:seront|sont)\b|\b(?:devra|doit) atteindre\b|(?:^|[.;] )Faire d(?:u|e) ",
        "action": r"\b(?:il est proposé|est proposé|(?:est|sont) (?:invitée?s?|créée?s?|mise?s? en|prévue?s?|financée?s?|lancée?s?))\b|\b\w{2,}(?:era|eront|ira|iront|ra|ront)\b|\b(?:doi(?:t|vent)|devrait|devraient|il convient|est recommandé|chargée? d)\b|\b(?:Responsable|Échéance|Chef de file) ?:"
        r"|(?:^|[.;:] )(?:[A-ZÉ]\w+(?:er|ir)|Mettre|Promouvoir|Construire|Conclure|Inscrire) ",
        "dates": (
            r"\bau cours des (?P<count>\d{1,2}|deux|trois|quatre|cinq) (?:prochaines |prochains )?(?P<unit>années|ans|mois)\b|\bdans les prochaines années\b",
            rf"\b(?P<count>\d{{1,2}}|six|douze|dix-huit|vingt-quatre) (?P<unit>mois|ans) à compter de {_point(_FR_MONTH)}",
            rf"\bau (?:premier|deuxième|second|troisième|quatrième) (?:trimestre|semestre) (?:de )?{_YEAR}|\bavant l['’]été {_BARE_YEAR}",
            rf"\bd['’]ici (?:à |la fin de |fin )?(?:l['’]an )?{_point(_FR_MONTH)}",
            rf"\bà l['’]horizon {_YEAR}",
            rf"\b(?:avant|jusqu['’](?:en|à)|au plus tard (?:le|en|fin)|en|dès|à partir de|fin) (?:la fin (?:de |d['’])?)?(?:l['’]année )?{_point(_FR_MONTH)}",
            rf"\bentre {_YEAR} et 20\d\d",
            rf"\bde {_YEAR} à 20\d\d",
            r"\bdans (?:un délai de |les )(?P<count>\d{1,3}|une?|deux|trois|quatre|cinq|six|neuf|douze|dix-huit) (?P<unit>jours?|semaines?|mois|ans?|années?)\b(?: (?:suivant|après|à compter d) ?[^.,;]{3,60})?",
            rf"\bÉchéance ?: ?(?P<said>{_point(_FR_MONTH)})",
        ),
        "indicators": (
            r"\b(?:deux|trois|quatre|cinq|six|sept|huit|dix|douze|vingt) (?!pilares|ejes|años|meses|días|semanas|veces|anos|dias|vezes|eixos|axes|piliers|ans|mois|jours|semaines|fois|phases|fases|trimestres|semestres)[a-zéèêàçîôû]{3,}s\b",
            rf"\bde (?:{_NUMBER}) ?%? à (?:{_NUMBER}) ?(?:%|pour cent)",
            rf"(?:\b(?:au moins|plus de|environ|près de|jusqu['’]à) )?(?:{_NUMBER}) ?(?:%|pour cent\b)",
            rf"(?:\b(?:au moins|plus de|environ|près de) )?\b(?:{_NUMBER}) (?:millions?|milliards?) (?:d['’]|de )(?:euros|dollars|francs)(?: CFA)?",
            rf"(?:\b(?:au moins|plus de|environ|près de) )?(?<![\d.])\b(?!(?:19|20)\d\d\b)(?:{_NUMBER}) (?!mois\b|ans?\b|jours?\b|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)[a-zéèêàçîôû]{{3,}}s\b(?: de [a-zéèêàçîôû]+)?",
        ),
        "owners": (
            r"\b\w+(?:é|és|ée|ées) par (?P<said>(?:l['’]|le |la )(?:[Gg]ouvernement|[Mm]inistère|[Aa]gence|[Cc]ommission|[Cc]onseil|[Aa]utorité|[Bb]ureau|[Ii]nstitut|[Cc]entre)(?: (?:du|de la|des|nationale?|de l['’])(?: ?[\w-]+)?)?)",
            r"\b(?:[Ss]ous l['’]égide|[Ss]ous la (?:coordination|conduite|direction)) (?P<said>(?:du|de la|de l['’]|des) ?(?:[\w’'-]+)(?: (?:de la|de l['’]|du|des|de) ?[A-ZÉ][\w-]+)?)",
            r"\bIl est proposé (?:que |à )(?P<said>(?:la |le |l['’])(?:[\w-]+)(?: (?:centrale?|nationale?|(?:de|du|des) [\w-]+))?)",
            r"(?:^|[.;] )(?P<said>Les (?:ministères|autorités|agences|régulateurs)(?: \w+)?)(?= (?:sont invité|devront|doivent|\w+ront))",
            r"\b(?:Responsable|Chef de file|Pilote) ?: ?(?P<said>[^.;\n|]{2,80})",
            r"(?:^|[.;,] |(?<=[\w)] )(?=L[ea’']))(?P<said>(?:[Ll]e |[Ll]a |[Ll]['’])(?:[Gg]ouvernement|[Mm]inistère|[Mm]inistre|[Aa]gence|[Cc]ommission|[Cc]onseil|[Aa]utorité|[Bb]ureau|[Ii]nstitut|[Cc]entre|[Oo]bservatoire|[Cc]omité|[Ss]ecrétariat|État|Etat|régulateur)"
            r"(?: (?:du|de la|de|des|nationale?|de l['’])(?: ?[\w’'-]+){1,3}?|(?: du numérique| nationale?))?)(?= (?!(?:sera|seront|est|sont|doit être)\b)(?:\w+(?:era|ra)\b|doit\b|devrait\b|est chargée?\b|met\b))",
        ),
        "owner column": r"responsables?|chef de file|pilotes?|entité responsable|structure responsable",
        "date column": r"échéances?|délais?|calendrier|date",
        "indicator column": r"indicateurs?|cibles?",
    },
    "es": {
        "never": r"\bse entiende por\b|\bdeben? respetar\b|\bdesde (?:19|20)\d\d|\bse aprobó\b|\bse basó\b|\bse adoptó\b",
        "goal": r"\b(?:busca|objetivo|meta|visión|aspira|pretende|propósito)\b|%[^.]{0,60}\bser[áa]n?\b|\bdeber[áa] alcanzar\b|(?:^|[.;] )(?:Convertir|Hacer d)",
        "action": r"\b[Ss]e (?:propone|prevé|crea|habilita|establece|pone|financia)\w*\b|\b\w+(?:ará|arán|erá|erán|irá|irán|drá|drán)\b|\b(?:deber[áa]n?|deber[íi]an?|se recomienda|encargad[oa] de)\b|\b(?:Responsable|Plazo|Fecha) ?:|(?:^|[.;:] )[A-ZÁÉÍ]\w+(?:ar|er|ir) ",
        "dates": (
            r"\b[Ee]n los (?:próximos )?(?P<count>\d{1,2}|dos|tres|cuatro|cinco) (?P<unit>años|meses)\b",
            rf"\bdurante (?P<count>\d{{1,2}}|seis|doce|dieciocho) (?P<unit>meses|años) a partir de {_point(_ES_MONTH)}",
            rf"\ba (?:fines|finales|mediados|principios) de {_YEAR}|\b(?:en|antes de)l? (?:primer|segundo|tercer|cuarto) (?:trimestre|semestre) de {_BARE_YEAR}",
            rf"\b(?:para|antes de(?: finales de| fin de)?|hasta|a más tardar(?: el| en)?|en|a partir de|desde) (?:el año |el |fines de |finales de )?{_point(_ES_MONTH)}",
            rf"\bentre {_YEAR} y 20\d\d",
            rf"\bde {_YEAR} a 20\d\d",
            r"\b(?:en un plazo (?:máximo )?de|dentro de(?: los)?|en) (?P<count>\d{1,3}|un|uno|dos|tres|cuatro|cinco|seis|nueve|doce|dieciocho) (?P<unit>d[ií]as?|semanas?|mes(?:es)?|años?)\b(?: (?:a partir de|desde|siguientes a) [^.,;]{3,60})?",
            r"\ba los (?P<count>\d{1,3}|dos|tres|cuatro|cinco|seis|doce) (?P<unit>d[ií]as|meses|años) de [^.,;]{3,60}",
            rf"\bPlazo ?: ?(?P<said>{_point(_ES_MONTH)})",
        ),
        "indicators": (
            r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|diez|doce|veinte) (?!pilares|ejes|años|meses|días|semanas|veces|anos|dias|vezes|eixos|axes|piliers|ans|mois|jours|semaines|fois|phases|fases|trimestres|semestres)[a-záéíóúñ]{3,}s\b",
            rf"\bdel? (?:{_NUMBER}) ?%? al? (?:{_NUMBER}) ?(?:%|por ciento)",
            rf"(?:\b(?:al menos el|al menos|más de|cerca de|hasta el) )?(?:{_NUMBER}) ?(?:%|por ciento\b)",
            rf"(?:\b(?:al menos|más de|cerca de) )?\b(?:{_NUMBER}) (?:millones|mil millones) de (?:dólares|pesos|euros|soles)",
            rf"(?:\b(?:al menos|más de|cerca de|unos) )?(?<![\d.])\b(?!(?:19|20)\d\d\b)(?:{_NUMBER})(?: mil)? (?!meses\b|años?\b|días?\b|de\b)[a-záéíóúñ]{{3,}}s\b(?: de [a-záéíóúñ]+)?",
        ),
        "owners": (
            r"\b[Bb]ajo la (?:coordinación|dirección|conducción) (?P<said>(?:del|de la) [A-Z]\w+(?: (?:de|del|de la) [A-Z]\w+)*)",
            r"\b[Ss]e propone que (?P<said>(?:el|la) [A-Z]\w+(?: (?:[A-Z]\w+|de [A-Z]\w+))*)",
            r"\b(?:Responsable|Líder|Entidad responsable) ?: ?(?P<said>[^.;\n|]{2,80})",
            r"(?:^|[.;,] |(?<=[\w)] )(?=(?:El|La) ))(?P<said>(?:[Ee]l |[Ll]a )(?:[Gg]obierno|[Mm]inisterio|[Aa]gencia|[Cc]omisión|[Cc]onsejo|[Aa]utoridad|[Oo]ficina|[Ii]nstituto|[Cc]entro|[Oo]bservatorio|[Cc]omité|[Ss]ecretaría|Estado|regulador)"
            r"(?: (?:de la|del|de|Digital|Nacional|[A-Z]\w+)(?: [A-ZÁÉÍÓÚ]\w+)*)?)(?= (?!ser[áa]\b)(?:\w+(?:ará|erá|irá|drá)\b|debe\b|debería\b|está encargad))",
        ),
        "owner column": r"responsables?|entidad(?: responsable)?|líder",
        "date column": r"plazos?|fecha(?: límite)?|cronograma",
        "indicator column": r"indicador(?:es)?|metas?",
    },
    "pt": {
        "never": r"\bentende-se por\b|\bconsidera-se\b|\bdevem? respeitar\b|\bdesde (?:19|20)\d\d|\bfoi publicada\b|\bfoi aprovad",
        "goal": r"\b(?:visa|objetivo|meta|visão|almeja|aspira|pretende)\b|%[^.]{0,60}\bser(?:á|ão)\b|\bdeverá alcançar\b|(?:^|[.;] )(?:Fazer d|Tornar )",
        "action": r"\b(?:propõe-se|cria-se|criam-se|prevê-se|institui-se)|\b\w+(?:ará|arão|erá|erão|irá|irão)\b|\b(?:dever[áã]o?|deveria|recomenda-se|cabe)\b|\b(?:Responsável|Prazo) ?:|(?:^|[.;:] )[A-ZÁÉÍ]\w+(?:ar|er|ir|or) ",
        "dates": (
            r"\b[Nn]os (?:próximos )?(?P<count>\d{1,2}|dois|três|quatro|cinco) (?P<unit>anos|meses)\b",
            rf"\bpor (?P<count>\d{{1,2}}|seis|doze|dezoito) (?P<unit>meses|anos) a partir de {_point(_PT_MONTH)}",
            rf"\b(?:ao|no) (?:final|fim|início) de {_YEAR}|\b(?:até o|no) (?:primeiro|segundo|terceiro|quarto) (?:trimestre|semestre) de {_BARE_YEAR}",
            rf"\b(?:até|antes d[oe](?: fim de| final de)?|em|a partir de|para|no máximo até) (?:o ano de |o final de |o fim de |fim de |fins de )?{_point(_PT_MONTH)}",
            rf"\bentre {_YEAR} e 20\d\d",
            rf"\bde {_YEAR} a 20\d\d",
            r"\b(?:no prazo (?:máximo )?de|dentro de|em até|em) (?P<count>\d{1,3}|um|uma|dois|duas|três|quatro|cinco|seis|nove|doze|dezoito) (?P<unit>dias?|semanas?|mês|meses|anos?)\b(?: (?:após|a partir d[ae]|contados d[ae]) [^.,;]{3,60})?",
            r"\b(?P<count>\d{1,3}|um|dois|três|quatro|cinco|seis|doze) (?P<unit>dias|meses|anos) após [^.,;]{3,60}",
            rf"\bPrazo ?: ?(?P<said>{_point(_PT_MONTH)})",
        ),
        "indicators": (
            r"\b(?:dois|duas|três|quatro|cinco|seis|sete|oito|dez|doze|vinte) (?!pilares|ejes|años|meses|días|semanas|veces|anos|dias|vezes|eixos|axes|piliers|ans|mois|jours|semaines|fois|phases|fases|trimestres|semestres)[a-záéíóúãõçâê]{3,}s\b",
            rf"\bde (?:{_NUMBER}) ?%? (?:para|a) (?:{_NUMBER}) ?(?:%|por cento)",
            rf"(?:\b(?:pelo menos|ao menos|mais de|cerca de|até) )?(?:{_NUMBER}) ?(?:%|por cento\b)",
            rf"(?:R\$|US\$|€) ?(?:{_NUMBER})(?: (?:milhões|milhão|bilhões|bilhão|mil))?|\b(?:{_NUMBER}) (?:milhões|bilhões) de (?:reais|dólares|euros)",
            rf"(?:\b(?:pelo menos|ao menos|mais de|cerca de) )?(?<![\d.])\b(?!(?:19|20)\d\d\b)(?:{_NUMBER})(?: mil)? (?!meses\b|anos?\b|dias?\b|de\b)[a-záéíóúãõçâê]{{3,}}s\b(?: de [a-záéíóúãõçâê]+)?",
        ),
        "owners": (
            r"\b[Ss]ob a (?:coordenação|direção|liderança) (?P<said>d[oa] [A-Z]\w+(?: (?:de|do|da) [A-Z]\w+)*)",
            r"\b[Pp]ropõe-se que (?P<said>[oa] [A-Z]\w+(?: (?:[A-Z]\w+|d[eoa] [A-Z]\w+))*)",
            r"\b(?:Responsável|Órgão responsável|Coordenação) ?: ?(?P<said>[^.;\n|]{2,80})",
            r"(?:^|[.;,] |(?<=[\w)] )(?=[OA] ))(?P<said>(?:[Oo] |[Aa] )(?:[Gg]overno|[Mm]inistério|[Aa]gência|[Cc]omissão|[Cc]onselho|[Aa]utoridade|[Ee]scritório|[Ii]nstituto|[Cc]entro|[Oo]bservatório|[Cc]omitê|[Ss]ecretaria|Estado|regulador|União)"
            r"(?: (?:da|do|de|das|dos|[A-Z]\w+)(?: [A-ZÁÉÍÓÚ]\w+)*)?)(?= (?!ser[áã]o?\b)(?:\w+(?:ará|erá|irá)\b|deve\b|deverá\b|deveria\b))",
        ),
        "owner column": r"respons[áa]ve(?:l|is)|órgão(?: responsável)?|coordenação",
        "date column": r"prazos?|data|cronograma",
        "indicator column": r"indicador(?:es)?|metas?",
    },
}
