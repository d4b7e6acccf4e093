"""Makes the web fonts of the signage page from the BIZ UDPGothic TrueType files.

    pip install fonttools brotli
    python make.py BIZUDPGothic-Regular.ttf BIZUDPGothic-Bold.ttf

Every glyph is kept, because titles and notices are free Japanese text. Hinting and layout features that the page does not
use are dropped. One feature is added: `tnum`, which gives the narrow figure 1 the width of the others, so that times align
under one another and the clock does not shift from minute to minute.
"""

import copy
import sys
from pathlib import Path

from fontTools import subset
from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

KEPT_FEATURES = ["ccmp", "liga", "locl"]


def add_wide_one(font):
    """Adds a figure 1 as wide as the 0, its strokes centred, and returns the names of the usual and the wide glyph."""
    cmap, metrics, outlines = font.getBestCmap(), font["hmtx"], font["glyf"]
    one, wide = cmap[ord("1")], "one.tnum"
    width, left = metrics[one]
    shift = (metrics[cmap[ord("0")]][0] - width) // 2
    outline = copy.deepcopy(outlines[one])
    outline.coordinates.translate((shift, 0))
    outlines[wide] = outline
    outline.recalcBounds(outlines)
    metrics[wide] = (metrics[cmap[ord("0")]][0], left + shift)
    if "vmtx" in font:
        font["vmtx"][wide] = font["vmtx"][one]
    return one, wide


def add_tabular_figures(font):
    """Adds the feature `tnum` to every script and language of the font."""
    one, wide = add_wide_one(font)
    table = font["GSUB"].table
    table.LookupList.Lookup.append(buildLookup([buildSingleSubstSubtable({one: wide})]))
    record = otTables.FeatureRecord()
    record.FeatureTag = "tnum"
    record.Feature = otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(record)
    for script in table.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys] + [each.LangSys for each in script.Script.LangSysRecord]
        for language in filter(None, languages):
            language.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)


def make(source):
    """Writes the web font beside this script, under the name of its source."""
    font = TTFont(source)
    options = subset.Options(hinting=False, layout_features=KEPT_FEATURES + ["tnum"], drop_tables=["meta"])
    options.flavor = "woff2"
    add_tabular_figures(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys())
    subsetter.subset(font)
    target = Path(__file__).parent / Path(source).with_suffix(".woff2").name
    subset.save_font(font, target, options)
    print(f"{target.name}: {len(font.getGlyphOrder())} glyphs, {target.stat().st_size} bytes")


for path in sys.argv[1:]:
    make(path)
