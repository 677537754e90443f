"""Why a job is refused or failed, in both languages."""

from __future__ import annotations

from models.issues import Issue


def too_long(seconds: float, most: float, cell: str = "seconds") -> Issue:
    """Return that a solve may not take so long."""
    return Issue(
        code="job_seconds",
        cell=cell,
        value=f"{seconds:g}",
        zh=f"求解时间超过上限 {most:g} 秒",
        en=f"A solve may take at most {most:g} seconds",
        mend_zh=f"请填不超过 {most:g} 的秒数",
        mend_en=f"Ask for {most:g} seconds or less",
    )


def too_many_solves(solves: int, most: int) -> Issue:
    """Return that a question may not have so many scenarios."""
    return Issue(
        code="job_solves",
        cell="scenario",
        value=str(solves),
        zh=f"方案连同基准、与种子相乘共需求解 {solves} 次，超过上限 {most} 次",
        en=f"Scenarios and base, times seeds, are {solves} solves, more than the {most} allowed",
        mend_zh="请减少取值或种子，或拆成几个问题",
        mend_en="Sweep fewer values or seeds, or ask several questions",
    )


def too_long_in_all(seconds: float, most: float) -> Issue:
    """Return that the solves of a question may not take so long together."""
    return Issue(
        code="job_question_seconds",
        cell="time_limit",
        value=f"{seconds:g}",
        zh=f"全部求解合计 {seconds:g} 秒，超过上限 {most:g} 秒",
        en=f"All solves together take {seconds:g} seconds, more than the {most:g} allowed",
        mend_zh="请减小 time_limit，或减少方案、种子",
        mend_en="Lower time_limit, or ask for fewer scenarios or seeds",
    )


def too_many_workers(workers: int, most: int) -> Issue:
    """Return that a solve may not have so many processes."""
    return Issue(
        code="job_workers",
        cell="workers",
        value=str(workers),
        zh=f"求解进程数超过上限 {most}",
        en=f"A solve may have at most {most} processes",
        mend_zh=f"请填不超过 {most} 的进程数",
        mend_en=f"Ask for {most} or fewer",
    )


def too_many_rows(rows: int, most: int) -> Issue:
    """Return that an instance is too large."""
    return Issue(
        code="job_rows",
        value=str(rows),
        zh=f"数据共 {rows} 行，超过上限 {most} 行",
        en=f"The data have {rows} rows, more than the {most} allowed",
        mend_zh="请按县区拆分后分别计划",
        mend_en="Split them by county and plan each",
    )


def too_large(name: str, size: int, most: int) -> Issue:
    """Return that an uploaded file is too large."""
    return Issue(
        code="job_bytes",
        table=name,
        value=str(size),
        zh=f"文件有 {size} 字节，超过上限 {most} 字节",
        en=f"The file has {size} bytes, more than the {most} allowed",
        mend_zh="请删去无关内容，或按县区拆分",
        mend_en="Remove what does not belong, or split it by county",
    )


def bad_name(name: str) -> Issue:
    """Return that a file cannot have this name."""
    return Issue(
        code="job_file_name",
        value=name[:80],
        zh="文件名不可用",
        en="The file cannot have this name",
        mend_zh="请用 1 至 255 个字符、不含路径的名称，例如 十二月.xlsx",
        mend_en="Use 1 to 255 characters without a folder, for example december.xlsx",
    )


def no_instance(digest: str) -> Issue:
    """Return that there is no such instance."""
    return Issue(
        code="job_instance",
        cell="instance",
        value=digest,
        zh="没有这份数据",
        en="There are no such data",
        mend_zh="请先导入，再用导入结果给出的编号",
        mend_en="Import them first and use the hash that the import returned",
    )


def no_roster(roster: int, version: int) -> Issue:
    """Return that a roster is not at the version whose file was asked for."""
    return Issue(
        code="job_roster",
        cell="roster",
        value=f"{roster} v{version}",
        zh="排班已被修改，或已不存在",
        en="The roster was changed meanwhile, or is gone",
        mend_zh="请重新读取后再导出",
        mend_en="Read it again, then export",
    )


def no_file(name: str) -> Issue:
    """Return that the uploaded file is gone."""
    return Issue(
        code="job_file",
        table=name,
        zh="上传的文件已不在",
        en="The uploaded file is gone",
        mend_zh="请重新上传",
        mend_en="Upload it again",
    )


def bad_id(job: str) -> Issue:
    """Return that a job cannot have this id."""
    return Issue(
        code="job_id",
        value=job[:80],
        zh="任务编号写法不对",
        en="The job cannot have this id",
        mend_zh="请用 1 至 100 个字母、数字、点、下划线或连字符",
        mend_en="Use 1 to 100 letters, digits, dots, underscores or hyphens",
    )


def used_id(job: str) -> Issue:
    """Return that another order has this id."""
    return Issue(
        code="job_id_used",
        value=job,
        zh="该任务编号已用于另一项任务",
        en="Another job has this id",
        mend_zh="请换一个编号；同一编号只能重复同一项任务",
        mend_en="Choose another; an id may only repeat the same order",
    )


def too_much() -> Issue:
    """Return that a file cannot be read within the memory that there is for it."""
    return Issue(
        code="job_memory",
        zh="文件内容过多，内存不足，没有读完",
        en="The file holds more than can be read within the memory for it",
        mend_zh="请核对是否选错文件，或按县区拆分",
        mend_en="See whether it is the right file, or split it by county",
    )


def more_issues(number: int) -> Issue:
    """Return that there are more issues than are told."""
    return Issue(
        code="job_more_issues",
        value=str(number),
        zh=f"另有 {number} 处问题没有列出",
        en=f"{number} more issues are not listed",
        mend_zh="请先核对是否选错文件，改好以上问题后重新上传",
        mend_en="See whether it is the right file, mend those above and upload it again",
    )


def overtime() -> Issue:
    """Return that a job was stopped before it had anything to keep."""
    return Issue(
        code="job_overtime",
        zh="任务超时，没有得到结果",
        en="The job ran out of time before it had a result",
        mend_zh="请增加时间，或按县区拆分",
        mend_en="Give it more time, or split the data by county",
    )


def died() -> Issue:
    """Return that a job was cut off again and again."""
    return Issue(
        code="job_died",
        zh="任务多次中断，可能是内存不足或磁盘已满",
        en="The job was cut off again and again, perhaps for lack of memory or a full disk",
        mend_zh="请增加内存、清理磁盘、减少进程数，或按县区拆分",
        mend_en="Give it memory, free some space, use fewer processes, or split the data by county",
    )


def unwritable() -> Issue:
    """Return that the files of a job could not be written."""
    return Issue(
        code="job_unwritable",
        zh="任务的工作文件无法读写，可能是磁盘已满",
        en="The job's own files could not be read or written, perhaps the disk is full",
        mend_zh="请清理磁盘后重新提交",
        mend_en="Free some space and ask for it again",
    )


def not_begun() -> Issue:
    """Return that a job never came into the queue."""
    return Issue(
        code="job_not_begun",
        zh="任务没有进入队列：请求有误，或服务当时中断",
        en="The job never came into the queue: it was refused, or the service was cut off",
        mend_zh="请重新提交",
        mend_en="Ask for it again",
    )


def broken() -> Issue:
    """Return that the program failed."""
    return Issue(
        code="job_broken",
        zh="程序内部错误，没有得到结果",
        en="Internal error; there is no result",
        mend_zh="请把任务编号告诉管理员，日志中有详情",
        mend_en="Tell the administrator the job's id; the log has the details",
    )
