"""What a spreadsheet says to the person who fills it in, in the six languages: its second sheet, and each kind of problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.adapters.sheet_columns import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.adapters.sheet_columns import CellProblem, Column


def _six(*words: str) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def say(*, words: dict[str, str], language: str) -> str:
    """Return words in a language, in English where they are not known in it."""
    return words.get(language, words["en"])


HOW_TO_FILL = _six("كيفية التعبئة", "How to fill in", "Cómo rellenar", "Comment remplir", "Как заполнять", "填写说明")
LISTS = _six("القوائم", "Lists", "Listas", "Listes", "Списки", "列表")
COLUMN = _six("العمود", "Column", "Columna", "Colonne", "Столбец", "列")
MEANING = _six("المعنى", "Meaning", "Significado", "Signification", "Значение", "含义")
NEEDED = _six("مطلوب", "Required", "Obligatoria", "Obligatoire", "Обязательно", "必填")
WHAT = _six(
    "ما يجوز إدراجه", "What may stand there", "Qué se admite", "Ce qui est admis", "Что допускается", "允许填写的内容"
)
YES = _six("نعم", "yes", "sí", "oui", "да", "是")
NO = _six("لا", "no", "no", "non", "нет", "否")
KINDS = {
    "text": _six(
        "نص لا يتجاوز {longest} حرفا",
        "text of at most {longest} characters",
        "texto de {longest} caracteres como máximo",
        "texte de {longest} caractères au plus",
        "текст не длиннее {longest} знаков",
        "文字，最多{longest}个字符",
    ),
    "whole": _six("عدد صحيح", "a whole number", "un número entero", "un nombre entier", "целое число", "整数"),
    "decimal": _six("عدد", "a number", "un número", "un nombre", "число", "数字"),
    "day": _six(
        "تاريخ، مثل 2026-03-31",
        "a date, such as 2026-03-31",
        "una fecha, por ejemplo 2026-03-31",
        "une date, par exemple 2026-03-31",
        "дата, например 2026-03-31",
        "日期，例如2026-03-31",
    ),
    "choice": _six(
        "واحد مما يلي: {choices}",
        "one of: {choices}",
        "una de las opciones siguientes: {choices}",
        "l’une des options suivantes : {choices}",
        "одно из следующего: {choices}",
        "下列之一：{choices}",
    ),
    "codes": _six(
        "واحد أو أكثر، تفصل بينها علامة ; : {choices}",
        "one or more, parted by ; from: {choices}",
        "una o varias, separadas por ; : {choices}",
        "une ou plusieurs, séparées par ; : {choices}",
        "одно или несколько, через ; : {choices}",
        "一项或多项，用 ; 分隔：{choices}",
    ),
}
FREE_CODES = _six(
    "رمز واحد أو أكثر، تفصل بينها علامة ;",
    "one or more codes, parted by ;",
    "uno o varios códigos, separados por ;",
    "un ou plusieurs codes, séparés par ;",
    "один или несколько кодов, через ;",
    "一个或多个代码，用 ; 分隔",
)
AT_LEAST = _six("{n} على الأقل", "at least {n}", "{n} como mínimo", "{n} au minimum", "не менее {n}", "不少于{n}")
AT_MOST = _six("{n} على الأكثر", "at most {n}", "{n} como máximo", "{n} au maximum", "не более {n}", "不超过{n}")

# What a room refuses later, about a row that was read, is of the kind "refused" and brings its own sentence.
PROBLEMS = {
    "no-header": _six(
        "لم يُعثر على أي من عناوين الأعمدة. العناوين هي: {allowed}.",
        "None of the titles of the columns was found. They are: {allowed}.",
        "No se encontró ningún título de columna. Son los siguientes: {allowed}.",
        "Aucun titre de colonne n’a été trouvé. Ce sont : {allowed}.",
        "Ни одного заголовка столбца не найдено. Ожидаются: {allowed}.",
        "未找到任何列标题。列标题为：{allowed}。",
    ),
    "hidden-sheet": _six(
        "الجدول في ورقة مخفية ({found}). يرجى إظهارها.",
        "The table is on a hidden sheet ({found}). Unhide it.",
        "La tabla está en una hoja oculta ({found}). Muéstrela.",
        "Le tableau se trouve sur une feuille masquée ({found}). Veuillez l’afficher.",
        "Таблица находится на скрытом листе ({found}). Откройте его.",
        "表格位于隐藏的工作表（{found}）中。请取消隐藏。",
    ),
    "two-sheets": _six(
        "أكثر من ورقة تحمل هذه العناوين ({found}). يرجى الإبقاء على واحدة.",
        "Several sheets have these titles ({found}). Keep one.",
        "Varias hojas tienen estos títulos ({found}). Conserve una sola.",
        "Plusieurs feuilles portent ces titres ({found}). N’en gardez qu’une.",
        "Эти заголовки стоят на нескольких листах ({found}). Оставьте один.",
        "多个工作表含有这些标题（{found}）。请只保留一个。",
    ),
    "unknown-column": _six(
        'العمود "{found}" غير معروف. يرجى حذفه أو تسميته بأحد العناوين التالية: {allowed}.',
        'The column "{found}" is not known. Delete it, or give it one of these titles: {allowed}.',
        "La columna «{found}» no se reconoce. Elimínela o dele uno de estos títulos: {allowed}.",
        "La colonne « {found} » n’est pas connue. Supprimez-la ou donnez-lui l’un de ces titres : {allowed}.",
        "Столбец «{found}» неизвестен. Удалите его или назовите одним из заголовков: {allowed}.",
        "无法识别列“{found}”。请删除该列，或使用下列标题之一：{allowed}。",
    ),
    "column-twice": _six(
        'العمود "{found}" وارد أيضا في {allowed}. يرجى الإبقاء على واحد.',
        'The column "{found}" stands at {allowed} too. Keep one.',
        "La columna «{found}» figura también en {allowed}. Conserve una sola.",
        "La colonne « {found} » figure aussi en {allowed}. N’en gardez qu’une.",
        "Столбец «{found}» стоит также в {allowed}. Оставьте один.",
        "列“{found}”在{allowed}处重复出现。请只保留一列。",
    ),
    "missing-column": _six(
        'العمود "{allowed}" مطلوب ولم يُعثر عليه.',
        'The column "{allowed}" is required and was not found.',
        "La columna «{allowed}» es obligatoria y no se encontró.",
        "La colonne « {allowed} » est obligatoire et n’a pas été trouvée.",
        "Обязательный столбец «{allowed}» не найден.",
        "未找到必填列“{allowed}”。",
    ),
    "merged": _six(
        "الخلايا {found} مدمجة. يرجى فصلها وكتابة القيمة في كل خلية.",
        "The cells {found} are merged. Part them, and write the value in each.",
        "Las celdas {found} están combinadas. Sepárelas y escriba el valor en cada una.",
        "Les cellules {found} sont fusionnées. Séparez-les et inscrivez la valeur dans chacune.",
        "Ячейки {found} объединены. Разделите их и впишите значение в каждую.",
        "单元格{found}已合并。请取消合并，并在每个单元格中填写数值。",
    ),
    "too-many-rows": _six(
        "لا يُقرأ أكثر من {allowed} صف. يرجى تقسيم الجدول.",
        "At most {allowed} rows are read. Split the table.",
        "Se leen {allowed} filas como máximo. Divida la tabla.",
        "Au plus {allowed} lignes sont lues. Divisez le tableau.",
        "Читается не более {allowed} строк. Разделите таблицу.",
        "最多读取{allowed}行。请拆分表格。",
    ),
    "beyond": _six(
        "هذه الخلية خارج الحدود التي تُقرأ ({allowed}). يرجى حذف محتواها أو نقله.",
        "This cell lies beyond what is read ({allowed}). Clear it, or move what it holds.",
        "Esta celda queda fuera de lo que se lee ({allowed}). Vacíela o traslade su contenido.",
        "Cette cellule se trouve au-delà de ce qui est lu ({allowed}). Videz-la ou déplacez son contenu.",
        "Эта ячейка лежит за пределами читаемого ({allowed}). Очистите её или перенесите содержимое.",
        "该单元格超出读取范围（{allowed}）。请清空或移动其内容。",
    ),
    "no-title-above": _six(
        '"{found}" في عمود بلا عنوان. يرجى حذفه أو إعطاء العمود عنوانا.',
        '"{found}" stands in a column without a title. Clear it, or give the column its title.',
        "«{found}» está en una columna sin título. Bórrelo o ponga título a la columna.",
        "« {found} » se trouve dans une colonne sans titre. Effacez-le ou donnez un titre à la colonne.",
        "«{found}» стоит в столбце без заголовка. Удалите это или озаглавьте столбец.",
        "“{found}”所在的列没有标题。请清除内容或填写列标题。",
    ),
    "formula": _six(
        "صيغة لم تُحسب. يرجى فتح الملف في برنامج الجداول وحفظه، أو كتابة القيمة نفسها.",
        "A formula that was never computed. Open the file in the spreadsheet program and save it, or write the value itself.",
        "Una fórmula sin calcular. Abra el archivo en el programa de hojas de cálculo y guárdelo, o escriba el valor.",
        "Une formule qui n’a pas été calculée. Ouvrez le fichier dans le tableur et enregistrez-le, ou inscrivez la valeur.",
        "Формула не вычислена. Откройте файл в табличной программе и сохраните его либо впишите само значение.",
        "公式未经计算。请在电子表格程序中打开并保存文件，或直接填写数值。",
    ),
    "error-value": _six(
        "{found} هو خطأ في صيغة. يرجى كتابة القيمة نفسها.",
        "{found} is an error of a formula. Write the value itself.",
        "{found} es un error de fórmula. Escriba el valor.",
        "{found} est une erreur de formule. Inscrivez la valeur elle-même.",
        "{found} — ошибка формулы. Впишите само значение.",
        "{found}是公式错误。请直接填写数值。",
    ),
    "empty": _six(
        "الخلية فارغة، وقيمتها مطلوبة.",
        "The cell is empty; a value is required.",
        "La celda está vacía; se requiere un valor.",
        "La cellule est vide ; une valeur est requise.",
        "Ячейка пуста, а значение обязательно.",
        "单元格为空，此处必填。",
    ),
    "truth": _six(
        "{found} قيمة منطقية. يرجى كتابة ما يطلبه العمود.",
        "{found} is a truth value. Write what the column asks for.",
        "{found} es un valor lógico. Escriba lo que pide la columna.",
        "{found} est une valeur logique. Inscrivez ce que demande la colonne.",
        "{found} — логическое значение. Впишите то, что требует столбец.",
        "{found}是逻辑值。请填写该列要求的内容。",
    ),
    "forbidden-character": _six(
        "النص يحتوي على حرف غير مقروء ({found}). يرجى كتابته من جديد.",
        "The text holds a character that cannot be kept ({found}). Type it again.",
        "El texto contiene un carácter no admitido ({found}). Escríbalo de nuevo.",
        "Le texte contient un caractère non admis ({found}). Saisissez-le de nouveau.",
        "Текст содержит недопустимый знак ({found}). Наберите его заново.",
        "文字含有无法保存的字符（{found}）。请重新输入。",
    ),
    "too-long": _six(
        "عدد الأحرف {found}، والحد الأقصى {allowed}.",
        "It has {found} characters; at most {allowed} are allowed.",
        "Tiene {found} caracteres; se admiten {allowed} como máximo.",
        "Il y a {found} caractères ; {allowed} au plus sont admis.",
        "Знаков: {found}; допускается не более {allowed}.",
        "共{found}个字符，最多允许{allowed}个。",
    ),
    "no-number": _six(
        '"{found}" ليس عددا. يرجى كتابة عدد، مثل 1250.5.',
        '"{found}" is no number. Write one such as 1250.5.',
        "«{found}» no es un número. Escriba uno, por ejemplo 1250,5.",
        "« {found} » n’est pas un nombre. Inscrivez-en un, par exemple 1250,5.",
        "«{found}» — не число. Впишите число, например 1250,5.",
        "“{found}”不是数字。请填写数字，例如1250.5。",
    ),
    "no-whole": _six(
        '"{found}" ليس عددا صحيحا. يرجى كتابة عدد، مثل 1250.',
        '"{found}" is no whole number. Write one such as 1250.',
        "«{found}» no es un número entero. Escriba uno, por ejemplo 1250.",
        "« {found} » n’est pas un nombre entier. Inscrivez-en un, par exemple 1250.",
        "«{found}» — не целое число. Впишите целое, например 1250.",
        "“{found}”不是整数。请填写整数，例如1250。",
    ),
    "two-readings": _six(
        'يمكن قراءة "{found}" على وجهين. يرجى كتابة أحدهما: {allowed}.',
        '"{found}" can be read in two ways. Write which one is meant: {allowed}.',
        "«{found}» puede leerse de dos maneras. Escriba cuál se quiere decir: {allowed}.",
        "« {found} » peut se lire de deux façons. Indiquez laquelle : {allowed}.",
        "«{found}» можно прочесть двояко. Впишите, что имеется в виду: {allowed}.",
        "“{found}”有两种读法。请写明是哪一种：{allowed}。",
    ),
    "too-many-digits": _six(
        'عدد أرقام "{found}" كبير. لا يُحفظ أكثر من {allowed} رقما.',
        '"{found}" has too many digits. At most {allowed} are kept.',
        "«{found}» tiene demasiadas cifras. Se conservan {allowed} como máximo.",
        "« {found} » compte trop de chiffres. Au plus {allowed} sont conservés.",
        "В «{found}» слишком много цифр. Сохраняется не более {allowed}.",
        "“{found}”位数过多，最多保留{allowed}位。",
    ),
    "too-small": _six(
        "{found} أقل من الحد الأدنى، وهو {allowed}.",
        "{found} is less than is allowed; the least is {allowed}.",
        "{found} es menos de lo admitido; el mínimo es {allowed}.",
        "{found} est inférieur à ce qui est admis ; le minimum est {allowed}.",
        "{found} меньше допустимого; наименьшее — {allowed}.",
        "{found}低于下限{allowed}。",
    ),
    "too-large": _six(
        "{found} أكثر من الحد الأقصى، وهو {allowed}.",
        "{found} is more than is allowed; the most is {allowed}.",
        "{found} es más de lo admitido; el máximo es {allowed}.",
        "{found} est supérieur à ce qui est admis ; le maximum est {allowed}.",
        "{found} больше допустимого; наибольшее — {allowed}.",
        "{found}超过上限{allowed}。",
    ),
    "no-day": _six(
        '"{found}" ليس تاريخا. يرجى كتابة تاريخ، مثل 2026-03-31.',
        '"{found}" is no date. Write one such as 2026-03-31.',
        "«{found}» no es una fecha. Escriba una, por ejemplo 2026-03-31.",
        "« {found} » n’est pas une date. Inscrivez-en une, par exemple 2026-03-31.",
        "«{found}» — не дата. Впишите дату, например 2026-03-31.",
        "“{found}”不是日期。请填写日期，例如2026-03-31。",
    ),
    "two-days": _six(
        'يمكن أن يكون "{found}" أحد يومين. يرجى كتابة أحدهما: {allowed}.',
        '"{found}" can be two dates. Write which one is meant: {allowed}.',
        "«{found}» puede ser dos fechas. Escriba cuál se quiere decir: {allowed}.",
        "« {found} » peut désigner deux dates. Indiquez laquelle : {allowed}.",
        "«{found}» может быть двумя датами. Впишите, какая имеется в виду: {allowed}.",
        "“{found}”可能是两个日期。请写明是哪一个：{allowed}。",
    ),
    "before": _six(
        "{found} يسبق التاريخ الوارد في {allowed}.",
        "{found} lies before the date at {allowed}.",
        "{found} es anterior a la fecha de {allowed}.",
        "{found} est antérieur à la date en {allowed}.",
        "{found} раньше даты в {allowed}.",
        "{found}早于{allowed}中的日期。",
    ),
    "repeated": _six(
        '"{found}" وارد أيضا في {allowed}. يرجى الإبقاء على واحد.',
        '"{found}" stands at {allowed} too. Keep one.',
        "«{found}» figura también en {allowed}. Conserve uno solo.",
        "« {found} » figure aussi en {allowed}. N’en gardez qu’un.",
        "«{found}» стоит также в {allowed}. Оставьте одно.",
        "“{found}”在{allowed}处重复出现。请只保留一处。",
    ),
    "refused": _six(*["{allowed}"] * 6),
    "no-choice": _six(
        '"{found}" ليس ضمن القائمة. المسموح به: {allowed}.',
        '"{found}" is not on the list. Allowed are: {allowed}.',
        "«{found}» no está en la lista. Se admiten: {allowed}.",
        "« {found} » ne figure pas sur la liste. Sont admis : {allowed}.",
        "«{found}» нет в списке. Допускаются: {allowed}.",
        "“{found}”不在列表中。允许的值：{allowed}。",
    ),
}


def join_words(*, words: Iterable[str], language: str) -> str:
    """Return words as a list of a language parts them.

    >>> join_words(words=("一", "二"), language="zh")
    '一、二'
    """
    return {"ar": "، ", "zh": "、"}.get(language, ", ").join(words)


def describe_column(*, column: Column, language: str) -> str:
    """Return in words what may stand in a column."""
    choices = join_words(words=[c.title(language) for c in column.choices], language=language)
    words = FREE_CODES if column.kind == "codes" and not choices else KINDS[column.kind]
    parts = [say(words=words, language=language).format(longest=column.longest, choices=choices)]
    parts += [
        say(words=bound, language=language).format(n=value)
        for bound, value in ((AT_LEAST, column.least), (AT_MOST, column.most))
        if value is not None
    ]
    return {"ar": "؛ ", "zh": "；"}.get(language, "; ").join(parts)


def tell_problem(*, problem: CellProblem, columns: Sequence[Column], language: str) -> str:
    """Return the sentence of a problem in a language, after the cell and the title of its column."""
    column = next((c for c in columns if c.name == problem.column), None)
    title = problem.column if column is None else column.title(language)
    allowed = problem.allowed
    if problem.kind in {"no-header", "unknown-column"}:
        allowed = join_words(words=[c.title(language) for c in columns], language=language)
    elif problem.kind == "missing-column":
        allowed = title
    elif problem.kind == "no-choice" and column is not None:
        allowed = join_words(words=[c.title(language) for c in column.choices], language=language)
    sentence = say(words=PROBLEMS[problem.kind], language=language).format(found=problem.found, allowed=allowed)
    if not problem.cell:
        return sentence
    return f"{problem.cell} ({title}): {sentence}" if column is not None else f"{problem.cell}: {sentence}"
