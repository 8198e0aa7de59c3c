"""The two tables that ministries fill in for capacity: what a country needs, and what it offers.

The titles are those of the six languages, so that a sheet drawn up in one is read in every other. What the resources are, and which
groups of countries an offer may be open to, is data of the body and comes in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from comity.adapters.sheet_columns import LANGUAGES, Choice, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.parties.countries import Atlas

ALL = "all"
VISIBILITIES = ("secretariat", "providers", "public")
_KINDS_OF_GROUPS = ("development-group", "m49-region")
_LEAST_UNITS, _MOST_UNITS = Decimal("0.01"), Decimal(10**12)
_TITLE, _WORDS, _REFERENCE, _LICENCE = 200, 4000, 80, 100


def _six(*words: str) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


_EVERY_MEMBER = Choice(
    ALL,
    _six(
        "جميع الأعضاء",
        "All members",
        "Todos los miembros",
        "Tous les membres",
        "Все члены",
        "所有成员",
    ),
)
_VISIBLE = (
    Choice(
        "secretariat",
        _six(
            "الأمانة وحدها",
            "Secretariat only",
            "Solo la secretaría",
            "Secrétariat seulement",
            "Только секретариат",
            "仅秘书处",
        ),
    ),
    Choice(
        "providers",
        _six(
            "الجهات المقدمة المحتملة",
            "Possible providers",
            "Posibles proveedores",
            "Fournisseurs potentiels",
            "Возможные поставщики",
            "可能的提供方",
        ),
    ),
    Choice("public", _six("للعموم", "Public", "Público", "Public", "Для всех", "公开")),
)
UN_LANGUAGES = (
    Choice("ar", _six("العربية", "Arabic", "Árabe", "Arabe", "Арабский", "阿拉伯文")),
    Choice("en", _six("الإنكليزية", "English", "Inglés", "Anglais", "Английский", "英文")),
    Choice("es", _six("الإسبانية", "Spanish", "Español", "Espagnol", "Испанский", "西班牙文")),
    Choice("fr", _six("الفرنسية", "French", "Francés", "Français", "Французский", "法文")),
    Choice("ru", _six("الروسية", "Russian", "Ruso", "Russe", "Русский", "俄文")),
    Choice("zh", _six("الصينية", "Chinese", "Chino", "Chinois", "Китайский", "中文")),
)


def _reference() -> Column:
    return Column(
        name="reference",
        titles=_six("المرجع", "Reference", "Referencia", "Référence", "Обозначение", "编号"),
        longest=_REFERENCE,
        unique=True,
        meanings=_six(
            "يُترك فارغا لما هو جديد. ولتحديث ما سبق إدخاله، يُكتب مرجعه كما ورد عند التصدير.",
            "Leave it empty for what is new. To update what was entered before, keep its reference as it was exported.",
            "Déjela vacía para lo nuevo. Para actualizar lo ya introducido, conserve la referencia tal como se exportó.",
            "À laisser vide pour ce qui est nouveau. Pour mettre à jour une saisie antérieure, gardez la référence telle qu’exportée.",
            "Для нового оставьте пустым. Чтобы обновить введённое ранее, сохраните обозначение, как оно было выгружено.",
            "新增内容请留空。如需更新已录入的内容，请保留导出时的编号。",
        ),
    )


def _title() -> Column:
    return Column(
        name="title",
        titles=_six("العنوان", "Title", "Título", "Intitulé", "Название", "标题"),
        required=True,
        longest=_TITLE,
        meanings=_six(
            "عبارة قصيرة يُعرف بها الطلب أو العرض.",
            "A few words by which this is known.",
            "Unas pocas palabras que lo identifiquen.",
            "Quelques mots qui permettent de l’identifier.",
            "Несколько слов, по которым это можно узнать.",
            "便于识别的简短名称。",
        ),
    )


def _resource(resources: Sequence[Choice]) -> Column:
    return Column(
        name="resource",
        titles=_six("نوع المورد", "Resource", "Recurso", "Ressource", "Ресурс", "资源"),
        kind="choice",
        required=True,
        choices=tuple(resources),
        meanings=_six(
            "يُختار من القائمة. ولكل نوع وحدته.",
            "Choose from the list. Each kind is counted in its own unit.",
            "Elija de la lista. Cada tipo se cuenta en su propia unidad.",
            "À choisir dans la liste. Chaque type se compte dans sa propre unité.",
            "Выберите из списка. Каждый вид исчисляется в своих единицах.",
            "请从列表中选择。每类资源各有其计量单位。",
        ),
    )


def _units(*meaning: str) -> Column:
    return Column(
        name="units",
        titles=_six(
            "عدد الوحدات", "Number of units", "Número de unidades", "Nombre d’unités", "Количество единиц", "单位数量"
        ),
        kind="decimal",
        required=True,
        least=_LEAST_UNITS,
        most=_MOST_UNITS,
        meanings=_six(*meaning),
    )


def _languages(languages: Sequence[Choice]) -> Column:
    return Column(
        name="languages",
        titles=_six(
            "لغات التنفيذ",
            "Languages of delivery",
            "Idiomas de prestación",
            "Langues de prestation",
            "Языки предоставления",
            "提供所用语言",
        ),
        kind="codes",
        choices=tuple(languages),
        meanings=_six(
            "لغة أو أكثر يمكن التنفيذ بها. وإن تُرك فارغا فلا شرط للغة.",
            "One or more languages in which delivery is possible. Empty: the language does not matter.",
            "Uno o varios idiomas en que es posible la prestación. Vacío: el idioma es indiferente.",
            "Une ou plusieurs langues dans lesquelles la prestation est possible. Vide : la langue est indifférente.",
            "Один или несколько языков, на которых возможно предоставление. Пусто — язык не важен.",
            "可采用的一种或多种语言。留空表示不限语言。",
        ),
    )


def _day(name: str, titles: dict[str, str], *meaning: str, not_before: str = "") -> Column:
    return Column(name=name, titles=titles, kind="day", meanings=_six(*meaning), not_before=not_before)


def needs_columns(*, resources: Sequence[Choice], languages: Sequence[Choice] = UN_LANGUAGES) -> tuple[Column, ...]:
    """Return the columns of a table of needs; ``resources`` are the kinds that the body allocates, with their units in their titles."""
    return (
        _reference(),
        _title(),
        Column(
            name="purpose",
            titles=_six("الغرض", "Purpose", "Finalidad", "Objet", "Цель", "用途"),
            required=True,
            longest=_WORDS,
            meanings=_six(
                "ما الذي سيتيحه هذا المورد، ولمن.",
                "What this will make possible, and for whom.",
                "Qué hará posible y para quién.",
                "Ce que cela rendra possible, et pour qui.",
                "Что это позволит сделать и для кого.",
                "将实现什么目标，惠及何人。",
            ),
        ),
        _resource(resources),
        _units(
            "المقدار المطلوب، بوحدة المورد.",
            "How much is needed, in the unit of the resource.",
            "Cuánto se necesita, en la unidad del recurso.",
            "La quantité nécessaire, dans l’unité de la ressource.",
            "Сколько требуется, в единицах ресурса.",
            "所需数量，以该资源的单位计。",
        ),
        _day(
            "by_day",
            _six("مطلوب بحلول", "Needed by", "Fecha límite", "Échéance", "Требуется к", "所需日期"),
            "آخر تاريخ يكون فيه المورد نافعا. ويُترك فارغا إن لم يكن هناك تاريخ.",
            "The last date on which it is of use. Empty where there is none.",
            "La última fecha en que resulta útil. Vacía si no la hay.",
            "La dernière date à laquelle cela est utile. Vide s’il n’y en a pas.",
            "Последний день, когда это ещё полезно. Пусто, если такого дня нет.",
            "最迟有用的日期。如无则留空。",
        ),
        _languages(languages),
        Column(
            name="visibility",
            titles=_six(
                "من يطّلع عليه", "Who may see it", "Quién puede verlo", "Qui peut le voir", "Кому видно", "可见范围"
            ),
            kind="choice",
            required=True,
            choices=_VISIBLE,
            meanings=_six(
                "للعضو وحده أن يختار من يطّلع على حاجته.",
                "The member alone chooses who sees its need.",
                "Solo el miembro decide quién ve su necesidad.",
                "Le membre seul choisit qui voit son besoin.",
                "Только сам член решает, кому видна его потребность.",
                "由成员自行决定谁可查看其需求。",
            ),
        ),
        Column(
            name="notes",
            titles=_six("ملاحظات", "Notes", "Notas", "Observations", "Примечания", "备注"),
            longest=_WORDS,
            meanings=_six(
                "ما ينبغي للأمانة أن تعرفه أيضا. لا تُكتب هنا أسماء أشخاص.",
                "What else the secretariat should know. No names of persons, please.",
                "Qué más debe saber la secretaría. No escriba nombres de personas.",
                "Ce que le secrétariat devrait savoir en outre. Pas de noms de personnes.",
                "Что ещё следует знать секретариату. Просьба не указывать имён.",
                "秘书处还应了解的情况。请勿填写个人姓名。",
            ),
        ),
    )


def list_groups(*, atlas: Atlas) -> tuple[Choice, ...]:
    """Return whom an offer may be open to: all members, the development groups, and the M49 regions, in the order of their codes."""
    held = sorted((g for g in atlas.groupings.values() if g.kind in _KINDS_OF_GROUPS), key=lambda g: (g.kind, g.code))
    return (_EVERY_MEMBER, *(Choice(g.code, dict(g.names)) for g in held))


def offers_columns(
    *, resources: Sequence[Choice], groups: Sequence[Choice], languages: Sequence[Choice] = UN_LANGUAGES
) -> tuple[Column, ...]:
    """Return the columns of a table of offers; ``groups`` are those that ``list_groups`` returns, or fewer."""
    return (
        _reference(),
        _title(),
        _resource(resources),
        _units(
            "المقدار المعروض، بوحدة المورد.",
            "How much is offered, in the unit of the resource.",
            "Cuánto se ofrece, en la unidad del recurso.",
            "La quantité offerte, dans l’unité de la ressource.",
            "Сколько предлагается, в единицах ресурса.",
            "提供数量，以该资源的单位计。",
        ),
        Column(
            name="open_to",
            titles=_six("متاح لـ", "Open to", "Abierto a", "Ouvert à", "Кому предназначено", "面向对象"),
            kind="codes",
            required=True,
            choices=tuple(groups),
            meanings=_six(
                "مجموعة أو أكثر من البلدان التي يجوز لها أن تستفيد من العرض.",
                "One or more groups of countries that may draw on the offer.",
                "Uno o varios grupos de países que pueden acogerse a la oferta.",
                "Un ou plusieurs groupes de pays qui peuvent bénéficier de l’offre.",
                "Одна или несколько групп стран, которые могут воспользоваться предложением.",
                "可使用该项提供的一个或多个国家组别。",
            ),
        ),
        Column(
            name="conditions",
            titles=_six("الشروط", "Conditions", "Condiciones", "Conditions", "Условия", "条件"),
            longest=_WORDS,
            meanings=_six(
                "كل ما يُشترط على المستفيد. وإن تُرك فارغا فلا شروط.",
                "Everything that is asked of a recipient. Empty: there are no conditions.",
                "Todo lo que se pide al receptor. Vacío: no hay condiciones.",
                "Tout ce qui est demandé au bénéficiaire. Vide : il n’y a pas de conditions.",
                "Всё, что требуется от получателя. Пусто — условий нет.",
                "对受益方的全部要求。留空表示无条件。",
            ),
        ),
        _day(
            "from_day",
            _six("متاح من", "Available from", "Disponible desde", "Disponible à partir du", "Доступно с", "起始日期"),
            "أول يوم يتاح فيه العرض.",
            "The first day on which the offer can be drawn on.",
            "El primer día en que la oferta está disponible.",
            "Le premier jour où l’offre est disponible.",
            "Первый день, когда предложением можно воспользоваться.",
            "该项提供可使用的第一天。",
        ),
        _day(
            "until_day",
            _six("متاح حتى", "Available until", "Disponible hasta", "Disponible jusqu’au", "Доступно до", "截止日期"),
            "آخر يوم يتاح فيه العرض. ويُترك فارغا إن لم يكن له أجل.",
            "The last day on which the offer can be drawn on. Empty where it has no end.",
            "El último día en que la oferta está disponible. Vacío si no tiene fin.",
            "Le dernier jour où l’offre est disponible. Vide si elle est sans terme.",
            "Последний день, когда предложением можно воспользоваться. Пусто, если срок не ограничен.",
            "该项提供可使用的最后一天。如无期限则留空。",
            not_before="from_day",
        ),
        Column(
            name="licence",
            titles=_six("الترخيص", "Licence", "Licencia", "Licence", "Лицензия", "许可"),
            longest=_LICENCE,
            meanings=_six(
                "ترخيص ما يُقدَّم من بيانات أو نماذج أو برمجيات، ويُفضَّل معرّف SPDX، مثل Apache-2.0.",
                "The licence of data, models or software that are given; an SPDX identifier such as Apache-2.0 is best.",
                "La licencia de los datos, modelos o programas que se entreguen; de preferencia un identificador SPDX, como Apache-2.0.",
                "La licence des données, modèles ou logiciels fournis ; de préférence un identifiant SPDX, tel qu’Apache-2.0.",
                "Лицензия на передаваемые данные, модели или программы; лучше всего идентификатор SPDX, например Apache-2.0.",
                "所提供数据、模型或软件的许可；宜使用SPDX标识符，例如Apache-2.0。",
            ),
        ),
        _languages(languages),
    )
