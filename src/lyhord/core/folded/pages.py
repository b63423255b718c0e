"""A page with the frame that it extends, as one."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from django.template.base import Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import IfNode
from django.template.engine import Engine
from django.template.loader_tags import BlockNode, ExtendsNode

from lyhord.core.folded.expressions import QuickVariableNode
from lyhord.core.folded.fold import is_constant, merged
from lyhord.core.folded.nodes import Extended, Scope

type _Blocks = dict[str, list[BlockNode]]
"""Each block as the page has it, then as what the page extends has it, and so on outwards."""


class _Otherwise(Exception):
    """The page is put together in a way that only Django follows."""


def joined(nodes: NodeList, engine: Engine) -> None:
    """Put what the template extends in its place. What is too intricate stays Django's."""
    node = _extends(nodes)
    if node is None:
        return
    try:
        nodes[nodes.index(node)] = Extended(node, merged(_page(node, engine)))
    except _Otherwise:
        return


def _extends(nodes: NodeList) -> Any:
    """The first that is no text, if it extends another template."""
    first = next((node for node in nodes if not isinstance(node, TextNode)), None)
    return first if isinstance(first, ExtendsNode) else None


def _page(node: Any, engine: Engine) -> Iterator[Node]:
    blocks: _Blocks = {}
    seen = [node.origin]
    while True:
        for name, block in node.blocks.items():
            blocks.setdefault(name, []).append(block)
        if not is_constant(node.parent_name):
            raise _Otherwise
        outer, origin = engine.find_template(node.parent_name.var, skip=seen)
        seen.append(origin)
        node = _extends(outer.nodelist)
        if node is None:
            break
        yield from (text for text in outer.nodelist if isinstance(text, TextNode))
    for block in outer.nodelist.get_nodes_by_type(BlockNode):
        if isinstance(block, BlockNode):  # as asked for; the stubs say less
            blocks.setdefault(block.name, []).append(block)
    for each in outer.nodelist:
        yield from _in_place(each, blocks)


def _in_place(node: Node, blocks: _Blocks) -> Iterator[Node]:
    if isinstance(node, BlockNode):
        yield from _block(blocks[node.name], blocks)
    elif isinstance(node, IfNode) and not any(map(_is_super, node.get_nodes_by_type(VariableNode))):
        yield _if_in_place(node, blocks)
    elif node.get_nodes_by_type(BlockNode) or any(map(_is_super, node.get_nodes_by_type(VariableNode))):
        raise _Otherwise
    else:
        yield node


def _if_in_place(node: IfNode, blocks: _Blocks) -> IfNode:
    """The same condition before what its blocks have become; the frame that others extend too stays as it was."""
    made = copy(node)
    made.conditions_nodelists = [
        (condition, merged(found for each in nodelist for found in _in_place(each, blocks)))
        for condition, nodelist in node.conditions_nodelists
    ]
    return made


def _block(chain: list[BlockNode], blocks: _Blocks) -> Iterator[Node]:
    """The innermost of a block's versions; `{{ block.super }}` in it is the next one."""
    inside = NodeList()
    for node in chain[0].nodelist:
        if not _is_super(node):
            inside.extend(_in_place(node, blocks))
        elif len(chain) > 1:
            inside.extend(_block(chain[1:], blocks))
    whole = merged(inside)
    if all(isinstance(node, TextNode | QuickVariableNode) for node in whole):
        yield from whole
    else:
        yield Scope(whole)


def _is_super(node: Any) -> bool:
    return isinstance(node, VariableNode) and str(node.filter_expression).startswith("block.super")
