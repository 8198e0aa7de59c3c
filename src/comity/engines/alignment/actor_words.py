"""Words by which laws and strategies name those whom they address, in nine languages: data, one pattern for each addressee.

Patterns are over text in small letters. "All" is whoever it may be: everyone, any person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "provider": r"providers?|suppliers?|vendors?|importers?|distributors?|manufacturers?|platforms?",
        "deployer": r"deployers?|operators?|those who (?:use|deploy)|employers?",
        "developer": r"developers?|those who (?:develop|build|design)|designers?|large developers?|programmers?",
        "state": r"governments?|states?|member states|countr(?:y|ies)|parties|nations?|ministr(?:y|ies)|public bodies",
        "authority": r"authorit(?:y|ies)|regulators?|commission|agenc(?:y|ies)|office|board|council|committee|courts?|attorney general|department",
        "user": r"users?|consumers?|citizens",
        "organisation": r"organi[sz]ations?|compan(?:y|ies)|firms?|business(?:es)?|institutions?|universities|industry|enterprises?|centres?|institutes?",
        "all": r"everyone|any person|anyone|all (?:actors|stakeholders|people)|no one|nobody|all those|ai actors",
    },
    "fr": {
        "provider": r"fournisseurs?|importateurs?|distributeurs?",
        "deployer": r"déployeurs?|exploitants?|utilisateurs? professionnels?",
        "developer": r"développeurs?|concepteurs?",
        "state": r"états?|gouvernements?|états membres|ministères?|pays",
        "authority": r"autorités?|commission|agences?|régulateurs?|conseil|comité",
        "user": r"utilisateurs?|consommateurs?",
        "organisation": r"organisations?|organismes?|entreprises?|universités?",
        "all": r"toute personne|tous les acteurs|quiconque",
    },
    "es": {
        "provider": r"proveedor(?:es)?|importador(?:es)?|distribuidor(?:es)?",
        "deployer": r"implementador(?:es)?|operador(?:es)?|responsables? del despliegue",
        "developer": r"desarrollador(?:es)?|diseñador(?:es)?",
        "state": r"estados?|gobiernos?|ministerios?|pa[íi]s(?:es)?",
        "authority": r"autoridad(?:es)?|comisi[óo]n|agencia|regulador(?:es)?|consejo|comit[ée]|secretar[íi]a",
        "user": r"usuari[oa]s?|consumidor(?:es)?",
        "organisation": r"organizaci(?:ón|ones)|entidad(?:es)?|empresas?|universidad(?:es)?",
        "all": r"toda persona|todas las personas|todos los actores",
    },
    "pt": {
        "provider": r"fornecedor(?:es)?|distribuidor(?:es)?|provedor(?:es)?",
        "deployer": r"aplicador(?:es)?|operador(?:es)?",
        "developer": r"desenvolvedor(?:es)?|projetistas?",
        "state": r"estados?|governos?|união|municípios|minist[ée]rios?|poder público|administração pública",
        "authority": r"autoridades?|agência|órgãos?|conselho|comitê|regulador(?:es)?",
        "user": r"usuári[oa]s?|consumidor(?:es)?|titular(?:es)?",
        "organisation": r"organizaç(?:ão|ões)|entidades?|empresas?|universidades?|pessoas? jurídicas?",
        "all": r"toda pessoa|qualquer pessoa|agentes de inteligência artificial",
    },
    "ru": {
        "provider": r"поставщик\w*|изготовител\w+|распространител\w+",
        "deployer": r"оператор\w*|эксплуатант\w*",
        "developer": r"разработчик\w*|создател\w+",
        "state": r"государств\w+|правительств\w+|министерств\w+|стран\w*",
        "authority": r"орган\w*|комисси\w+|агентств\w+|регулятор\w*|совет\w*",
        "user": r"пользовател\w+|потребител\w+",
        "organisation": r"организаци\w+|компани\w+|предприяти\w+|университет\w*|юридическ\w+ лиц\w*",
        "all": r"каждый|любое лицо|все участники|акторы ии",
    },
    "ar": {
        "provider": r"مزود\w*|مقدم\w* الخدم\w*|موفر\w*|مورد\w*",
        "deployer": r"مشغل\w*",
        "developer": r"مطور\w*",
        "state": r"الدول\w*|الدولة|الحكوم\w*|حكوم\w*|وزار\w*|الوزار\w*",
        "authority": r"الهيئ\w*|هيئة|السلط\w*|اللجنة|المجلس|الجهة المختصة|الوكالة",
        "user": r"المستخدم\w*|المستهلك\w*",
        "organisation": r"المؤسس\w*|الشرك\w*|المنظم\w*|الجامع\w*|الجهات",
        "all": r"كل شخص|أي شخص|جميع الأطراف",
    },
    "zh": {
        "provider": r"提供者|服务提供|供应商",
        "deployer": r"部署者|使用单位|运营者",
        "developer": r"研发者|开发者|研制",
        "state": r"国家|政府|各国|各地|成员国",
        "authority": r"主管部门|网信|监管机构|有关部门|委员会",
        "user": r"使用者|用户|消费者",
        "organisation": r"组织|企业|机构|单位|高校",
        "all": r"任何人|任何组织和个人|各方",
    },
    "ja": {
        "provider": r"提供者|提供事業者",
        "deployer": r"利用事業者|活用事業者|導入者",
        "developer": r"開発者|開発事業者",
        "state": r"国は|政府|国家|各国|省",
        "authority": r"当局|委員会|庁|監督機関|大臣",
        "user": r"利用者|消費者",
        "organisation": r"事業者|企業|組織|大学|機関",
        "all": r"何人も|全ての者|すべての者|各主体",
    },
    "ko": {
        "provider": r"제공자|제공사업자|공급자",
        "deployer": r"이용사업자|운영자",
        "developer": r"개발사업자|개발자",
        "state": r"국가|정부|지방자치단체",
        "authority": r"장관|위원회|감독기관|당국",
        "user": r"이용자|소비자",
        "organisation": r"사업자|기업|기관|단체|대학",
        "all": r"누구든지|모든 사람",
    },
}
_BARE = frozenset({"zh", "ja", "ko", "ar"})
"""Languages written without spaces, or with prefixes, where a word has no edge that could be asked for."""
PATTERNS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    language: {who: re.compile(words if language in _BARE else rf"\b(?:{words})\b") for who, words in rows.items()}
    for language, rows in _WORDS.items()
}


def first_actors(*, text: str, language: str) -> tuple[str, ...]:
    """Return the addressees that a text names, each once, in the order in which they first stand there.

    >>> first_actors(text="Providers shall tell users of it.", language="en")
    ('provider', 'user')
    >>> first_actors(text="提供者应当公开规则。", language="zh-CN")
    ('provider',)
    """
    rows = PATTERNS.get(language.partition("-")[0].lower(), {})
    folded = text.lower()
    found = [(m.start(), place, who) for place, (who, p) in enumerate(rows.items()) if (m := p.search(folded))]
    return tuple(who for _, _, who in sorted(found))
